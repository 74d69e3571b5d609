/** What a visitor prefers, read on the server so that the first HTML is right: the theme, and the locale of numbers and dates. */
import { parseCookie } from "cookie";
import { type FormatLocale, negotiateLocale } from "#app/components/locales.ts";
import { EMBED_PATH } from "./security-headers.server.ts";

export type Theme = "light" | "dark" | "system";

/** The theme cookie; in a frame, the `theme` parameter that the page around it sets wins. */
export function themeOf(request: Request): Theme {
  const { pathname, searchParams } = new URL(request.url);
  // The cookie may not reach a frame on another site.
  const asked = pathname === EMBED_PATH ? searchParams.get("theme") : null;
  const theme = asked ?? parseCookie(request.headers.get("cookie") ?? "").theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The locale of numbers and dates. */
export const localeOf = (request: Request): FormatLocale =>
  negotiateLocale(request.headers.get("accept-language") ?? "");
