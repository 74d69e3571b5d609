/** Who may show a page of ours inside one of theirs: the origins of EMBED_ORIGINS the embedded dashboard, nobody any other. */
import { config } from "#app/config/config.server.ts";

export const EMBED_PATH = "/embed";

export const embedding = () => config().embedOrigins.length > 0;

/** Spelt in any other way (`/embed/`, `/Embed`) it is the same page, and stays closed. */
export const framedBy = (pathname: string): readonly string[] =>
  pathname === EMBED_PATH ? config().embedOrigins : [];

/**
 * Whether a window at this address may keep its tie to the frame that opened it, on the way through signing in and
 * back. No page with figures is among them.
 */
export const keepsOpener = (pathname: string): boolean =>
  embedding() && /^\/(embed\/hand-over|sign-in|auth\/[^/]+(\/callback)?)$/.test(pathname);
