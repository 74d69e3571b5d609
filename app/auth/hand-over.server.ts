/**
 * From the window in which a user signed in to the frame that opened it. The frame has cookies of its own, so the window
 * gives it a code, and the code gets the frame the window's session in its own cookie, once. It is the same session, not
 * a new one: it ends with it, by age or at a sign-out anywhere, and a stolen frame cookie renews nothing.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { config } from "#app/config/config.server.ts";
import { type ClaimOnce, createClaimOnce } from "./one-time.server.ts";
import { pageSession, sessionOf, shareSession } from "./session.server.ts";
import { createSealer } from "./session-secret.server.ts";

/** The window hands it over as soon as it has loaded. */
const CODE_TTL_S = 60;

const content = z.object({ session: z.string(), id: z.string(), iat: z.number() });
const sealer = () => createSealer(config(), "hand-over");

let current: ClaimOnce | undefined;
const claimOnce: ClaimOnce = (value) => {
  current ??= createClaimOnce(CODE_TTL_S);
  return current(value);
};

/** A code for the user who is signed in on our own pages; null when none is. @throws AuthUnavailable */
export async function handOverCode(request: Request): Promise<string | null> {
  const session = pageSession(request);
  return (await sessionOf(session)) && sealer().seal({ session, id: randomUUID() }, CODE_TTL_S);
}

const requestBody = z.object({ code: z.string().max(8_192) });

/**
 * The Set-Cookie header of the frame's cookie; null for a code that is not ours, was used, or whose session has ended.
 * @throws AuthUnavailable
 */
export async function redeemCode(body: unknown): Promise<string | null> {
  const { data } = requestBody.safeParse(body);
  const code = content.safeParse(data && (await sealer().open(data.code))).data;
  if (!code || !(await sessionOf(code.session))) return null;
  return (await claimOnce({ id: code.id, issuedAt: code.iat * 1000 })) ? shareSession(code.session) : null;
}
