/** The state of a mock identity provider, and its control API. Each provider speaks its own dialect on top. */
import { createHash, randomBytes } from "node:crypto";
import { HttpResponse, http, type RequestHandler } from "msw";
import { controlBody, FaultBook, healthHandler, ReceivedLog } from "#mocks/control.ts";
import { type Fault, type FaultSource, faultSchema } from "./faults.ts";
import { type Client, type Persona, personaSchema } from "./mock.ts";

export type Pkce = "matched" | "mismatched" | "missing";

/** What the provider received, without secrets, codes and tokens. `persona` is null until one is chosen. */
export type Entry =
  | {
      endpoint: "authorize";
      method: string;
      query: Record<string, string>;
      persona: string | null;
      status: number;
    }
  | {
      endpoint: "token";
      grant_type: string | null;
      client_id: string | null;
      client_auth: "basic" | "post" | "none";
      redirect_uri: string | null;
      pkce: Pkce;
      persona: string | null;
      error: string | null;
      status: number;
    }
  | { endpoint: "userinfo"; path: string; persona: string | null; status: number }
  | { endpoint: "logout"; query: Record<string, string>; status: number };

export class Personas {
  readonly #defaults: readonly Persona[];
  #all = new Map<string, Persona>();

  constructor(defaults: readonly Persona[]) {
    this.#defaults = defaults;
    this.reset();
  }

  put(persona: Persona): void {
    this.#all.set(persona.id, persona);
  }

  get(id: string): Persona | undefined {
    return this.#all.get(id);
  }

  list(): Persona[] {
    return [...this.#all.values()];
  }

  /** Back to the personas it started with. */
  reset(): void {
    this.#all = new Map(this.#defaults.map((persona) => [persona.id, persona]));
  }
}

/** The client that an app on this origin uses unless it is told otherwise. */
const defaultClient = (provider: string, appOrigin: string): Client => ({
  clientId: "mock-client",
  clientSecret: "mock-secret",
  redirectUris: [`${appOrigin}/auth/${provider}/callback`],
  logoutUrls: [`${appOrigin}/sign-in`],
});

export interface ProviderOptions {
  /** 0 takes a free port. */
  port: number;
  /** Instead of the default client of an app on `appOrigin`. */
  clients?: Client[];
  appOrigin?: string;
  now?: () => number;
  /** How the fault `slow` waits. */
  sleep?: (ms: number) => Promise<void>;
}

export interface Provider extends FaultSource {
  clients: readonly Client[];
  personas: Personas;
  codes: Codes;
  log: ReceivedLog<Entry>;
  /** A new access token for a grant. */
  grantAccess(access: Access): string;
  /** Whose access token the request carries. */
  accessOf(request: Request): (Access & { persona: Persona }) | null;
  control: RequestHandler[];
}

export interface Access {
  personaId: string;
  scope: string;
}

/** @param name as in the callback's path; @param subjects what this provider's subjects look like */
export function createProvider(
  name: string,
  defaults: readonly Persona[],
  subjects: RegExp,
  options: ProviderOptions,
): Provider {
  const { now = Date.now, appOrigin = "http://localhost:3000", sleep = wait } = options;
  const personas = new Personas(defaults);
  const codes = new Codes(now);
  const faults = new FaultBook<Fault>();
  const log = new ReceivedLog<Entry>();
  const tokens = new Map<string, Access>();
  const putSchema = personaSchema.refine(({ subject }) => subjects.test(subject), {
    path: ["subject"],
    error: `is not a subject of ${name}`,
  });

  return {
    clients: options.clients ?? [defaultClient(name, appOrigin)],
    personas,
    codes,
    log,
    sleep,
    fire: (persona, ...names) =>
      faults.fire((fault) => fault.persona === persona && names.includes(fault.fault)),
    grantAccess(access) {
      const token = `mock_${randomBytes(20).toString("hex")}`;
      tokens.set(token, access);
      return token;
    },
    accessOf(request) {
      const token = /^(?:Bearer|token) (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      const access = token ? tokens.get(token) : undefined;
      const persona = access && personas.get(access.personaId);
      return persona ? { ...access, persona } : null;
    },
    control: [
      healthHandler,
      http.post("/__control/personas", async ({ request }) => {
        const persona = await controlBody(request, putSchema);
        personas.put(persona);
        return HttpResponse.json(persona);
      }),
      http.post("/__control/faults", async ({ request }) => {
        const fault = await controlBody(request, faultSchema);
        faults.arm(fault);
        return HttpResponse.json(fault);
      }),
      http.get("/__control/requests", ({ request }) => {
        const since = Number(new URL(request.url).searchParams.get("since") ?? 0);
        return HttpResponse.json({ requests: log.query(since) });
      }),
      http.post("/__control/reset", () => {
        personas.reset();
        faults.disarm();
        log.clear();
        codes.clear();
        tokens.clear();
        return HttpResponse.json({ ok: true });
      }),
    ],
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface Grant {
  personaId: string;
  clientId: string;
  redirectUri: string;
  codeChallenge: string;
  scope: string;
  nonce: string | null;
}

/** What an application sends with a code. */
export interface Redemption {
  clientId: string;
  redirectUri: string | null;
  codeVerifier: string | null;
}

export type RedeemFault =
  | "unknown_code"
  | "expired_code"
  | "wrong_client"
  | "wrong_redirect_uri"
  | "wrong_verifier";
export interface Redeemed {
  /** Of a refused code as well; null for one that was never issued or is used. */
  grant: Grant | null;
  pkce: Pkce;
  fault: RedeemFault | null;
}

const CODE_LIFETIME_MS = 60_000;

/** Valid once, for a minute, for the client, the redirect URI and the verifier they were asked with. */
class Codes {
  readonly #now: () => number;
  #issued = new Map<string, Grant & { expiresAt: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(grant: Grant): string {
    const code = randomBytes(20).toString("hex");
    this.#issued.set(code, { ...grant, expiresAt: this.#now() + CODE_LIFETIME_MS });
    return code;
  }

  /** Ends the code, also when it is refused. */
  redeem(code: string, shown: Redemption): Redeemed {
    const grant = this.#issued.get(code) ?? null;
    this.#issued.delete(code);
    const pkce = grant
      ? pkceOf(grant.codeChallenge, shown.codeVerifier)
      : shown.codeVerifier
        ? "mismatched"
        : "missing";
    return { grant, pkce, fault: this.#faultOf(grant, shown, pkce) };
  }

  clear(): void {
    this.#issued.clear();
  }

  #faultOf(grant: (Grant & { expiresAt: number }) | null, shown: Redemption, pkce: Pkce): RedeemFault | null {
    if (!grant) return "unknown_code";
    if (grant.expiresAt < this.#now()) return "expired_code";
    if (grant.clientId !== shown.clientId) return "wrong_client";
    if (grant.redirectUri !== shown.redirectUri) return "wrong_redirect_uri";
    return pkce === "matched" ? null : "wrong_verifier";
  }
}

function pkceOf(challenge: string, verifier: string | null): Pkce {
  if (!verifier) return "missing";
  return createHash("sha256").update(verifier).digest("base64url") === challenge ? "matched" : "mismatched";
}
