/** The theme a person chose, read on the server so that no page flashes in the wrong one. */
import { parseCookie } from "cookie";
import { EMBED_PATH } from "./framing.server.ts";

export type Theme = "light" | "dark" | "system";

export function themeOf(request: Request): Theme {
  const { pathname, searchParams } = new URL(request.url);
  // The page around a frame knows better which theme suits it, and the cookie may not reach there.
  const asked = pathname === EMBED_PATH ? searchParams.get("theme") : null;
  const theme = asked ?? parseCookie(request.headers.get("cookie") ?? "").theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}
