/**
 * From the window in which somebody signed in to the frame that opened it. The frame has cookies of its own, so the
 * window gives it a code, and the code becomes a session there.
 */
import { z } from "zod";
import { config } from "#app/config.server.ts";
import { createSealer } from "./sealer.server.ts";
import { readSession, startSession } from "./session.server.ts";
import { sessionSchema } from "./session-store.server.ts";

/** The window hands it over as soon as it has loaded. */
const CODE_TTL_S = 60;

const content = sessionSchema.pick({ adapterId: true, identity: true });
const sealer = () => createSealer(config().sessionSecrets, "hand-over");

/** A code for whoever is signed in on our own pages; null when nobody is. @throws RecognitionError */
export async function handOverCode(request: Request): Promise<string | null> {
  // Not from frame to frame: such a chain of sessions would have no end.
  const session = await readSession(request, ["page"]);
  return session && sealer().seal(content.parse(session), CODE_TTL_S);
}

const asked = z.object({ code: z.string().max(8_192) });

/** The Set-Cookie header of the frame's session; null for a code that is none of ours. @throws RecognitionError */
export async function redeemCode(body: unknown): Promise<string | null> {
  const { data } = asked.safeParse(body);
  const opened = content.safeParse(data && (await sealer().open(data.code)));
  return opened.success ? startSession(opened.data.adapterId, opened.data.identity, "frame") : null;
}
