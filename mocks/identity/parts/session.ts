/** The provider's own session: it signs people in again unasked, until they sign out here as well. */
import { parseCookie, stringifySetCookie } from "cookie";
import { HttpResponse, http, type RequestHandler } from "msw";
import { refusalPage } from "./page.ts";
import type { Provider } from "./provider.ts";

const COOKIE = "mock_provider_session";
const LIFETIME_SECONDS = 3_600;

const setCookie = (value: string, maxAge: number) =>
  stringifySetCookie({ name: COOKIE, value, maxAge, path: "/", httpOnly: true, sameSite: "lax" });

/** The Set-Cookie header of a session for that persona. */
export const startSession = (personaId: string) => setCookie(personaId, LIFETIME_SECONDS);

/** The id of the persona whose session it is; empty when there is none. */
export const sessionOf = (request: Request) => parseCookie(request.headers.get("cookie") ?? "")[COOKIE] ?? "";

export interface LogoutDialect {
  path: string;
  title: string;
  /** The parameter that says where to lead back to. */
  returnTo: string;
}

/** The page for signing out: ends the session, and leads to registered addresses only. */
export function logoutHandler(provider: Provider, dialect: LogoutDialect): RequestHandler {
  return http.get(dialect.path, ({ request }) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const client = provider.clients.find(({ clientId }) => clientId === query["client_id"]);
    const returnTo = query[dialect.returnTo] ?? "";
    const response = client?.logoutUrls?.includes(returnTo)
      ? new HttpResponse(null, {
          status: 302,
          headers: { location: returnTo, "set-cookie": setCookie("", 0) },
        })
      : refusalPage(dialect.title, `${dialect.returnTo} is not registered`);
    provider.log.append({ endpoint: "logout", query, status: response.status });
    return response;
  });
}
