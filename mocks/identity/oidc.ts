/**
 * A mock that is no mock: oidc-provider, the certified implementation of OpenID Connect, with our personas in place
 * of a password page. What it refuses, a real provider refuses.
 */
import type { RequestListener } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { Context } from "oidc-provider";
import { type Served, serve } from "#mocks/serve.ts";
import type { Client, IdentityMock, Persona } from "./parts/mock.ts";
import { choosePersona, show, watch } from "./parts/oidc-middleware.ts";
import { page, refusalPage } from "./parts/pages.ts";
import { createProvider, type ProviderOptions } from "./parts/provider.ts";

const TITLE = "Mock OpenID provider";
const HOUR = 3_600;

const personas: Persona[] = [
  {
    id: "barbara",
    subject: "3f0c1e6e-9d1a-4c55-8a39-0d6a1f0a7b11",
    name: "Barbara Liskov",
    email: "barbara@example.com",
    email_verified: true,
  },
  { id: "edsger", subject: "00u1a2b3c4", name: "Edsger Dijkstra", email: "edsger@example.com" },
  { id: "nameless", subject: "nameless/1?#%2F" },
];

export const mock: IdentityMock = {
  adapterId: "oidc",
  start: startOidc,
  env: (url, { clientId, clientSecret }) => ({
    OIDC_LABEL: "OpenID Connect",
    OIDC_ISSUER: url,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
  }),
  issuer: (url) => url,
  subject: (unique) => `staff/${unique}?#%2F`,
  lacks: {
    proxy_authenticated: "people leave for the provider and come back",
    id_token: "this provider is the certified one, which signs no wrong id_token; oidc:faulty does",
  },
  confusableSubjects: ["a/b", "a%2Fb", "A/b", "a", `${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
  customers: () => [
    {
      external_id: "oidc_3f0c1e6e-9d1a-4c55-8a39-0d6a1f0a7b11",
      name: "Barbara Liskov",
      history: "steady",
      budget_usd: 320,
      traffic: true,
    },
    { external_id: "oidc_00u1a2b3c4", name: "Edsger Dijkstra", history: "spiky", traffic: true },
  ],
};

export async function startOidc(options: ProviderOptions): Promise<Served> {
  const provider = createProvider("oidc", personas, /./, options);
  let app: RequestListener | undefined;
  // Its issuer is its address, which is known once it listens.
  const served = await serve([], {
    port: options.port,
    control: provider.control,
    app: (request, response) => app?.(request, response),
  });
  const jwk = await signingKey();

  const findAccount = (_ctx: Context, subject: string) => {
    const persona = provider.personas.list().find((candidate) => candidate.subject === subject);
    return persona && { accountId: subject, claims: () => claimsOf(persona) };
  };

  const op = await withoutWarnings(async () => {
    const { default: OidcProvider } = await import("oidc-provider");
    return new OidcProvider(served.url, {
      clients: provider.clients.map(registrationOf),
      clientAuthMethods: ["client_secret_basic"],
      jwks: { keys: [{ ...jwk, kid: "mock-1", alg: "RS256", use: "sig" }] },
      claims: { openid: ["sub"], profile: ["name", "picture"], email: ["email", "email_verified"] },
      responseTypes: ["code"],
      pkce: { required: () => true },
      findAccount,
      // Choosing a persona is consent, once for all tabs: a second grant would end the first one.
      async loadExistingGrant({ oidc }: Context) {
        const { session, client } = oidc ?? {};
        const existing = session?.grantIdFor(client?.clientId ?? "");
        if (existing) return op.Grant.find(existing);
        const grant = new op.Grant({ accountId: session?.accountId ?? "", clientId: client?.clientId ?? "" });
        grant.addOIDCScope("openid profile email");
        await grant.save();
        return grant;
      },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: {
          logoutSource: (ctx: Context, form: string) => show(ctx, page(200, TITLE, signOutQuestion(form))),
          postLogoutSuccessSource: (ctx: Context) =>
            show(ctx, page(200, TITLE, "<p>You are signed out here.</p>")),
        },
      },
      renderError: (ctx: Context, out: { error: string; error_description?: string }) =>
        show(ctx, refusalPage(TITLE, out.error_description ?? out.error)),
      clientBasedCORS: () => false,
      ttl: {
        AccessToken: HOUR,
        AuthorizationCode: 60,
        Grant: HOUR,
        IdToken: HOUR,
        Interaction: HOUR,
        Session: HOUR,
      },
    });
  });
  op.on("server_error", (_ctx, error) => console.error(error));
  op.use(watch(op, provider, TITLE));
  op.use(choosePersona(op, provider, TITLE));
  app = op.callback();
  return served;
}

/** @param form of oidc-provider, to which the buttons belong */
const signOutQuestion = (form: string) => `<p>Do you want to sign out here as well?</p>
    ${form}
    <button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>
    <button form="op.logoutForm" class="quiet">No, stay signed in</button>`;

/** One for all mocks that this process starts: making an RSA key is slow. */
let key: Promise<JWK> | undefined;
function signingKey(): Promise<JWK> {
  key ??= generateKeyPair("RS256", { extractable: true }).then(({ privateKey }) => exportJWK(privateKey));
  return key;
}

const registrationOf = ({ clientId, clientSecret, redirectUris, logoutUrls = [] }: Client) => ({
  client_id: clientId,
  client_secret: clientSecret,
  redirect_uris: redirectUris,
  post_logout_redirect_uris: logoutUrls,
  response_types: ["code"],
  grant_types: ["authorization_code"],
  token_endpoint_auth_method: "client_secret_basic",
});

const claimsOf = ({ subject, name, picture, email, email_verified = false }: Persona) => ({
  sub: subject,
  ...(name && { name }),
  ...(picture && { picture }),
  ...(email && { email, email_verified }),
});

/** It warns of Node 20, on which it does all that is asked of it here, and of forgetting everything at its end. */
async function withoutWarnings<T>(start: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes("oidc-provider WARNING")) warn(...args);
  };
  try {
    return await start();
  } finally {
    console.warn = warn;
  }
}
