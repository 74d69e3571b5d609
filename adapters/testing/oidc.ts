/** An OpenID Connect provider for tests, small enough to be bent in every direction, and the `oidc` adapter on it. */
import { exportJWK, type JWTHeaderParameters, type JWTPayload } from "jose";
import type { RedirectConnection } from "../adapter.ts";
import { oidcAdapter } from "../oidc.ts";
import { makeKey, type SigningKey, signJwt } from "./keys.ts";
import { startProvider, type TestProvider } from "./provider.ts";
import { APP, Browser, createHost } from "./sign-in.ts";

/** What the provider says next; tests write to it. */
export interface Script {
  metadata: Record<string, unknown>;
  /** Of the attempt that is going on. */
  nonce: string | null;
  /** Laid over the claims of a right id_token; undefined leaves one out. */
  claims: Record<string, unknown>;
  header: Partial<JWTHeaderParameters>;
  /** Signs the id_token; `published` is what the JWKS holds. */
  key: SigningKey;
  published: SigningKey[];
  /** In place of what an endpoint, by its path, would answer. */
  answers: Record<string, () => Response>;
}

export interface OidcProvider extends Script {
  url: string;
  received: TestProvider["received"];
  close(): Promise<void>;
}

/** Once: making RSA keys is slow. */
const key = makeKey("key-1", "RS256");

export async function startOidcProvider(): Promise<OidcProvider> {
  const scripted = (path: string, answer: () => Response | Promise<Response>) => () =>
    (script.answers[path] ?? answer)();
  const { url, received, close } = await startProvider({
    "GET /.well-known/openid-configuration": scripted("/.well-known/openid-configuration", () =>
      Response.json(script.metadata),
    ),
    "GET /jwks": scripted("/jwks", async () => Response.json({ keys: await script.jwks() })),
    "POST /token": scripted("/token", async () =>
      Response.json({ access_token: "canary-token", token_type: "Bearer", id_token: await script.idToken() }),
    ),
    "GET /userinfo": scripted("/userinfo", () => Response.json({ sub: "user-1", name: "From userinfo" })),
  });
  const script = {
    url,
    received,
    close,
    key,
    published: [key],
    nonce: null as string | null,
    claims: {} as Script["claims"],
    header: {} as Script["header"],
    answers: {} as Script["answers"],
    metadata: {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/userinfo`,
      jwks_uri: `${url}/jwks`,
    } as Script["metadata"],
    jwks: () =>
      Promise.all(
        script.published.map(async ({ publicKey, kid, alg }) => ({
          ...(await exportJWK(publicKey)),
          kid,
          alg,
        })),
      ),
    idToken(): Promise<string> {
      const now = Math.floor(Date.now() / 1000);
      const claims: JWTPayload = {
        iss: url,
        aud: "client",
        sub: "user-1",
        nonce: script.nonce,
        iat: now,
        exp: now + 300,
        ...script.claims,
      };
      return signJwt(script.key, claims, script.header);
    },
  };
  return script;
}

export const CALLBACK = new URL("/auth/oidc/callback", APP);

/** The adapter's connection, from variables as an operator writes them. */
export async function connectOidc(
  { url }: { url: string },
  env: Record<string, string> = {},
): Promise<RedirectConnection> {
  const adapter = oidcAdapter(null);
  const values = adapter.env.parse({
    OIDC_ISSUER: url,
    OIDC_CLIENT_ID: "client",
    ...(env["OIDC_CLIENT_AUTH"] !== "none" && { OIDC_CLIENT_SECRET: "canary-secret" }),
    ...env,
  });
  const app = { origin: APP, callbackUrl: CALLBACK, secureCookies: true };
  return (await adapter.connect(values, app)) as RedirectConnection;
}

/** One whole sign-in: leaves, and comes back with what `answer` makes of a right answer. @throws AdapterError */
export async function signIn(
  provider: OidcProvider,
  connection: RedirectConnection,
  answer: (query: Record<string, string>) => Record<string, string> = (query) => query,
) {
  const host = createHost("oidc", connection);
  const browser = new Browser();
  const asked = (await host.leave(browser)).searchParams;
  provider.nonce = asked.get("nonce");
  return host.comeBack(browser, answer({ state: asked.get("state") ?? "", code: "canary-code" }));
}
