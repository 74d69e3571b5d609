/** The authorization endpoint: who is asking, who is it, and back with a code. */
import { HttpResponse, http, type RequestHandler } from "msw";
import { type Answer, bendAnswer } from "./answer.ts";
import type { Grant } from "./codes.ts";
import { choicePage, refusalPage } from "./page.ts";
import type { Persona } from "./persona.ts";
import type { Provider } from "./provider.ts";

export interface AuthorizeDialect {
  path: string;
  title: string;
  /** Scopes without which the provider does not answer. */
  requiredScopes?: string[];
  /** The `iss` of its answers (RFC 9207) for its own origin; without it the provider sends none. */
  iss?(origin: string): string;
  /** Whose provider session the request carries: that person is not asked again. */
  recall?(request: Request): Persona | undefined;
  /** The Set-Cookie header that starts the provider session. */
  remember?(persona: Persona): string;
}

type Asked = Omit<Grant, "personaId"> & { state: string };

export function authorizeHandlers(provider: Provider, dialect: AuthorizeDialect): RequestHandler[] {
  const refusedOr = async (request: Request, answer: (asked: Asked) => Promise<Answered> | Answered) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const asked = askedBy(query, provider, dialect);
    const { response, persona } =
      typeof asked === "string"
        ? { response: refusalPage(dialect.title, asked), persona: null }
        : await answer(asked);
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
      refusedOr(request, (asked) => {
        const askAgain = new URL(request.url).searchParams.get("prompt") === "login";
        const known = askAgain ? undefined : dialect.recall?.(request);
        if (known) return { response: back(asked, known, request), persona: known };
        const page = choicePage(dialect.title, asked.clientId, provider.personas.list());
        return { response: page, persona: null };
      }),
    ),
    http.post(dialect.path, ({ request }) =>
      refusedOr(request, async (asked) => {
        const form = new URLSearchParams(await request.text());
        if (form.has("deny")) return { response: denied(asked, request), persona: null };
        const persona = provider.personas.get(form.get("persona") ?? "");
        if (persona) return { response: back(asked, persona, request), persona };
        return { response: refusalPage(dialect.title, "nobody of that name is here"), persona: null };
      }),
    ),
  ];

  /** Back to the application with a code, or with what the armed faults make of it. */
  function back({ state, ...grant }: Asked, persona: Persona, request: Request): Response {
    const code = provider.codes.issue({ ...grant, personaId: persona.id });
    const answer = bendAnswer(provider, persona.id, { code, state, ...issOf(request) });
    return redirect(grant.redirectUri, answer, dialect.remember?.(persona));
  }

  function denied({ redirectUri, state }: Asked, request: Request): Response {
    return redirect(redirectUri, { error: "access_denied", state, ...issOf(request) });
  }

  function issOf(request: Request): { iss?: string } {
    const iss = dialect.iss?.(new URL(request.url).origin);
    return iss ? { iss } : {};
  }
}

interface Answered {
  response: Response;
  persona: Persona | null;
}

/** What the application asks for, or why it must not be answered. */
function askedBy(
  query: Record<string, string>,
  provider: Provider,
  dialect: AuthorizeDialect,
): Asked | string {
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

function redirect(to: string, answer: Answer, cookie?: string): Response {
  const url = new URL(to);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return new HttpResponse(null, {
    status: 302,
    headers: { location: url.href, ...(cookie && { "set-cookie": cookie }) },
  });
}
