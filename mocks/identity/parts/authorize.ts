/** The authorization endpoint, the provider's own session, and the page for signing out. */
import { parseCookie, stringifySetCookie } from "cookie";
import { HttpResponse, http, type RequestHandler } from "msw";
import { type AuthResponse, withAuthFaults } from "./faults.ts";
import type { Persona } from "./mock.ts";
import { choicePage, refusalPage } from "./pages.ts";
import type { Grant, Provider } from "./provider.ts";

export interface AuthorizeDialect {
  path: string;
  title: string;
  /** Scopes without which the provider does not answer. */
  requiredScopes?: string[];
  /** The `iss` of its answers (RFC 9207) for its own origin; without it the provider sends none. */
  iss?(origin: string): string;
  /** Whose provider session the request carries: that persona is not asked again. */
  recall?(request: Request): Persona | undefined;
  /** The Set-Cookie header that starts the provider session. */
  remember?(persona: Persona): string;
}

type AuthRequest = Omit<Grant, "personaId"> & { state: string };

export function authorizeHandlers(provider: Provider, dialect: AuthorizeDialect): RequestHandler[] {
  const answerOrRefuse = async (
    request: Request,
    answer: (wanted: AuthRequest) => Promise<Outcome> | Outcome,
  ) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const wanted = readRequest(query, provider, dialect);
    const { response, persona } =
      typeof wanted === "string"
        ? { response: refusalPage(dialect.title, wanted), persona: null }
        : await answer(wanted);
    const { method } = request;
    provider.log.append({
      endpoint: "authorize",
      method,
      query,
      persona: persona?.id ?? null,
      status: response.status,
    });
    return response;
  };

  return [
    http.get(dialect.path, ({ request }) =>
      answerOrRefuse(request, (wanted) => {
        const askAgain = new URL(request.url).searchParams.get("prompt") === "login";
        const known = askAgain ? undefined : dialect.recall?.(request);
        if (known) return { response: back(wanted, known, request), persona: known };
        const page = choicePage(dialect.title, wanted.clientId, provider.personas.list());
        return { response: page, persona: null };
      }),
    ),
    http.post(dialect.path, ({ request }) =>
      answerOrRefuse(request, async (wanted) => {
        const form = new URLSearchParams(await request.text());
        if (form.has("deny")) return { response: denied(wanted, request), persona: null };
        const persona = provider.personas.get(form.get("persona") ?? "");
        if (persona) return { response: back(wanted, persona, request), persona };
        return { response: refusalPage(dialect.title, "there is no such persona"), persona: null };
      }),
    ),
  ];

  /** Back to the application with a code, or with what the armed faults make of it. */
  function back({ state, ...grant }: AuthRequest, persona: Persona, request: Request): Response {
    const code = provider.codes.issue({ ...grant, personaId: persona.id });
    const answer = withAuthFaults(provider, persona.id, { code, state, ...issOf(request) });
    return redirect(grant.redirectUri, answer, dialect.remember?.(persona));
  }

  function denied({ redirectUri, state }: AuthRequest, request: Request): Response {
    return redirect(redirectUri, { error: "access_denied", state, ...issOf(request) });
  }

  function issOf(request: Request): { iss?: string } {
    const iss = dialect.iss?.(new URL(request.url).origin);
    return iss ? { iss } : {};
  }
}

interface Outcome {
  response: Response;
  persona: Persona | null;
}

/** What the application asks for, or why it must not be answered. */
function readRequest(
  query: Record<string, string>,
  provider: Provider,
  dialect: AuthorizeDialect,
): AuthRequest | string {
  const { client_id, redirect_uri, state, scope = "", nonce, code_challenge = "" } = query;
  const client = provider.clients.find(({ clientId }) => clientId === client_id);
  if (!client) return "client_id is unknown";
  if (!redirect_uri || !client.redirectUris.includes(redirect_uri)) return "redirect_uri is not registered";
  if (query["response_type"] !== "code") return "response_type must be code";
  if (!state) return "state is missing";
  if (query["code_challenge_method"] !== "S256") return "code_challenge_method must be S256";
  if (!/^[\w-]{43}$/.test(code_challenge)) return "code_challenge is not one of S256";
  const missing = dialect.requiredScopes?.find((required) => !scope.split(" ").includes(required));
  if (missing) return `scope must contain ${missing}`;
  return {
    clientId: client.clientId,
    redirectUri: redirect_uri,
    codeChallenge: code_challenge,
    scope,
    nonce: nonce ?? null,
    state,
  };
}

function redirect(to: string, answer: AuthResponse, cookie?: string): Response {
  const url = new URL(to);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return new HttpResponse(null, {
    status: 302,
    headers: { location: url.href, ...(cookie && { "set-cookie": cookie }) },
  });
}

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
