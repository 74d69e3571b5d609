/** What a visitor prefers, read on the server so that the first HTML is right: the theme, and the locale of numbers and dates. */
import { parseCookie } from "cookie";
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

/** The first tag of `Accept-Language` that Intl knows; `en-US` when there is none. */
export function localeOf(request: Request): string {
  const header = request.headers.get("accept-language") ?? "";
  for (const entry of header.slice(0, 200).split(",")) {
    const tag = entry.split(";")[0]?.trim() ?? "";
    try {
      const [locale] = Intl.NumberFormat.supportedLocalesOf(tag);
      if (locale) return locale;
    } catch {
      // Not a language tag at all, such as "*".
    }
  }
  return "en-US";
}
