/**
 * From the window in which somebody signed in to the frame that opened it. The frame has cookies of its own, so the
 * window gives it a code, and for the code it gets the window's session into its own cookie. It is the same session,
 * not a new one: it ends with it, by age or at a sign-out anywhere, and whoever steals its cookie can renew nothing.
 */
import { z } from "zod";
import { config } from "#app/config/config.server.ts";
import { createSealer } from "./sealer.server.ts";
import { pageSession, sessionOf, shareSession } from "./session.server.ts";

/** The window hands it over as soon as it has loaded. */
const CODE_TTL_S = 60;

const content = z.object({ session: z.string() });
const sealer = () => createSealer(config().sessionSecrets, "hand-over");

/** A code for whoever is signed in on our own pages; null when nobody is. @throws RecognitionError */
export async function handOverCode(request: Request): Promise<string | null> {
  const session = pageSession(request);
  return (await sessionOf(session)) && sealer().seal({ session }, CODE_TTL_S);
}

const asked = z.object({ code: z.string().max(8_192) });

/**
 * The Set-Cookie header of the frame's cookie; null for a code that is none of ours, or whose session has ended.
 * @throws RecognitionError
 */
export async function redeemCode(body: unknown): Promise<string | null> {
  const { data } = asked.safeParse(body);
  const opened = content.safeParse(data && (await sealer().open(data.code)));
  return opened.success && (await sessionOf(opened.data.session)) ? shareSession(opened.data.session) : null;
}
