/** The theme a person chose, read on the server so that no page flashes in the wrong one. */
import { parseCookie } from "cookie";

export type Theme = "light" | "dark" | "system";

export function themeOf(request: Request): Theme {
  const { theme } = parseCookie(request.headers.get("cookie") ?? "");
  return theme === "light" || theme === "dark" ? theme : "system";
}
