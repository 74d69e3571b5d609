/**
 * A correct adapter, written by hand, whose every decision is a method: a broken one overrides one of them, so that
 * a rule it breaks is due to that override.
 */
import { createHash, randomBytes } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import * as z from "zod";
import {
  AdapterError,
  type AppInfo,
  defineAdapter,
  type Identity,
  type RedirectConnection,
} from "#adapters/adapter.ts";
import { mock as auth0 } from "#mocks/identity/auth0.ts";
import { type Harness, mockedHarness } from "../run/harness.ts";
import { startLenient } from "./lenient-provider.ts";

export interface Profile {
  sub: string;
  login?: string | null;
  name?: string | null;
  email?: string | null;
  email_verified?: boolean;
}

export interface Secrets {
  state: string;
  verifier: string;
  nonce: string;
}

export interface Settings {
  url: string;
  clientId: string;
  clientSecret: string;
}

const random = () => randomBytes(32).toString("base64url");
const unavailable = (detail: string) => new AdapterError("provider_unavailable", detail);

export class ReferenceAdapter {
  readonly settings: Settings;
  readonly app: AppInfo;
  authorizePath = "/authorize";
  tokenPath = "/token";

  constructor(settings: Settings, app: AppInfo) {
    this.settings = settings;
    this.app = app;
  }

  connection(): RedirectConnection {
    return {
      kind: "redirect",
      issuers: [this.settings.url, `${this.settings.url}/`],
      origins: [new URL(this.settings.url).origin],
      start: (request) => this.start(request),
      finish: (request) => this.finish(request),
    };
  }

  secrets(): Secrets {
    return { state: random(), verifier: random(), nonce: random() };
  }

  redirectUri(_start: Request): string {
    return this.app.callbackUrl.href;
  }

  /** What the provider is asked. */
  questions(start: Request, { state, verifier, nonce }: Secrets): Record<string, string> {
    return {
      response_type: "code",
      client_id: this.settings.clientId,
      redirect_uri: this.redirectUri(start),
      scope: "openid profile email",
      state,
      nonce,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    };
  }

  destination(_start: Request): URL {
    return new URL(this.authorizePath, this.settings.url);
  }

  async start(request: Request): Promise<Response> {
    const secrets = this.secrets();
    const location = this.destination(request);
    location.search = new URLSearchParams(this.questions(request, secrets)).toString();
    const cookie = stringifySetCookie("attempt", JSON.stringify(secrets));
    return new Response(null, { status: 302, headers: { location: location.href, "set-cookie": cookie } });
  }

  async finish(request: Request): Promise<Identity> {
    const query = new URL(request.url).searchParams;
    const cookie = parseCookie(request.headers.get("cookie") ?? "")["attempt"];
    const secrets: Secrets | null = cookie ? JSON.parse(cookie) : null;
    if (!secrets || query.get("state") !== secrets.state)
      throw new AdapterError("invalid_state", "the callback is of another attempt");
    this.checkIssuer(query.get("iss"));
    const error = query.get("error");
    if (error !== null) throw this.refusal(error, query);
    return this.identify(await this.redeem(this.codeOf(query), secrets), query, secrets);
  }

  checkIssuer(iss: string | null): void {
    if (iss !== this.settings.url)
      throw new AdapterError("invalid_response", "the answer names another issuer, or none");
  }

  refusal(error: string, _query: URLSearchParams): Error {
    return error === "access_denied"
      ? new AdapterError("access_denied", "the person said no")
      : unavailable("the provider answered an error");
  }

  codeOf(query: URLSearchParams): string {
    const code = query.get("code");
    if (!code) throw new AdapterError("invalid_response", "the answer holds no code");
    return code;
  }

  redemption(code: string, { verifier }: Secrets): Record<string, string> {
    return {
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: this.app.callbackUrl.href,
      client_id: this.settings.clientId,
      client_secret: this.settings.clientSecret,
    };
  }

  /** The provider's tokens. @throws AdapterError */
  async redeem(code: string, secrets: Secrets): Promise<Record<string, unknown>> {
    const response = await fetch(new URL(this.tokenPath, this.settings.url), {
      method: "POST",
      body: new URLSearchParams(this.redemption(code, secrets)),
      redirect: "manual",
    });
    if (response.status !== 200) throw unavailable(`token endpoint: ${response.status}`);
    const tokens: Record<string, unknown> = await response.json().catch(() => {
      throw unavailable("token endpoint: not JSON");
    });
    if (tokens["error"] !== undefined) throw unavailable("token endpoint: refused");
    return tokens;
  }

  async identify(
    tokens: Record<string, unknown>,
    _query: URLSearchParams,
    _secrets: Secrets,
  ): Promise<Identity> {
    const response = await fetch(new URL("/user", this.settings.url), {
      headers: { authorization: `Bearer ${tokens["access_token"]}` },
      redirect: "error",
    });
    if (!response.ok) throw unavailable(`/user: ${response.status}`);
    return this.identityOf(await response.json());
  }

  identityOf({ sub, name, email, email_verified }: Profile): Identity {
    return {
      issuer: this.settings.url,
      subject: sub,
      ...(name && { name }),
      ...(email && email_verified && { email }),
    };
  }
}

export type ReferenceClass = new (settings: Settings, app: AppInfo) => ReferenceAdapter;
export type ExternalId = (identity: Identity) => string;

const referenceExternalId: ExternalId = ({ subject }) => `test_${subject}`;

const adapterOf = (Adapter: ReferenceClass, externalId: ExternalId, names: [string, string, string]) => {
  const [url, clientId, clientSecret] = names;
  const env = z.object({ [url]: z.string(), [clientId]: z.string(), [clientSecret]: z.string() });
  return defineAdapter({
    id: "test",
    label: "Test",
    env,
    connect: (values, app) =>
      new Adapter(
        {
          url: values[url] ?? "",
          clientId: values[clientId] ?? "",
          clientSecret: values[clientSecret] ?? "",
        },
        app,
      ).connection(),
    externalId,
  });
};

/** At the provider that checks nothing. */
export const lenient = (Adapter: ReferenceClass, externalId = referenceExternalId): Harness => ({
  adapter: adapterOf(Adapter, externalId, ["PROVIDER_URL", "CLIENT_ID", "CLIENT_SECRET"]),
  lacks: {
    proxy_authenticated: "people are sent away",
    id_token: "this provider sends none",
    end_session: "it has none",
  },
  confusableSubjects: ["a/b", "a%2Fb", "A/b", `${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
  start: startLenient,
});

/** At the mock Auth0, for what is wrong with id_tokens. */
export const openid = (Adapter: ReferenceClass): Harness =>
  mockedHarness(
    adapterOf(Adapter, referenceExternalId, ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]),
    auth0,
  );
