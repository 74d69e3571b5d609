/**
 * The mock of a proxy or auth service that puts JWTs on requests: it publishes its public keys as a JWKS, and one
 * PEM per key as AWS does, signs whatever a test asks for, and has a page where people get a JWT in a cookie.
 */
import { HttpResponse, http, type RequestHandler } from "msw";
import * as z from "zod";
import { controlBody, FaultBook, healthHandler, ReceivedLog } from "#mocks/control.ts";
import { type Around, type Served, serve } from "#mocks/serve.ts";
import type { Client, IdentityMock, Persona, TokenFault } from "./parts/mock.ts";
import { choicePage, refusalPage } from "./parts/pages.ts";
import { JwtSigner, signRequest } from "./parts/signing.ts";

export interface JwksOptions {
  /** 0 takes a free port. */
  port: number;
  /** The `aud` of its JWTs unless a test names another. */
  audience?: string;
  /** Where people are sent back to from the pages for signing in and out. */
  appOrigin?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** How the fault `slow` waits. */
  sleep?: (ms: number) => Promise<void>;
}

/** `url` is the `iss` of its JWTs; below it are the keys and `/__control`. */
export interface RunningJwks extends Served {
  /** For `JWT_JWKS_URL`. */
  jwksUrl: string;
  /** The same, for an issuer with one address per key. */
  pemUrl: string;
}

const STAYS = "users stay here: the token is on the request";
const COOKIE = "mock_token";

export const mock: IdentityMock = {
  adapterId: "jwt",
  testsOnly: true,
  start: ({ port, clients: [client] }) =>
    startJwks({ port, ...(client && { audience: client.clientId, appOrigin: originOf(client) }) }),
  env: (url, client) => ({
    JWT_LABEL: "the mock proxy",
    JWT_ISSUER: url,
    JWT_AUDIENCE: client.clientId,
    JWT_JWKS_URL: `${url}/.well-known/jwks.json`,
    JWT_COOKIE: COOKIE,
    JWT_SIGN_IN_URL: besideApp(url, client, "/sign-in"),
    JWT_SIGN_OUT_URL: besideApp(url, client, "/sign-out"),
  }),
  issuer: (url) => url,
  subject: (unique) => `user-${unique}`,
  lacks: {
    redirect: STAYS,
    provider: STAYS,
    pkce: STAYS,
    nonce: STAYS,
    iss: STAYS,
    iss_always: STAYS,
    id_token: STAYS,
    end_session: "signing out is a page of the proxy, named by the operator",
  },
  confusableSubjects: [
    "user-1",
    "User-1",
    "user-1 ",
    "user-11",
    `${"x".repeat(200)}1`,
    `${"x".repeat(200)}2`,
  ],
  customers: () => [
    { external_id: "jwt_user-ada", name: "Ada Lovelace", history: "steady", budget_usd: 400, traffic: true },
  ],
  async tokenCookie(url, { subject, login, name, email, email_verified = false }, fault) {
    const said = {
      sub: subject,
      ...(login && { preferred_username: login }),
      ...(name && { name }),
      ...(email && { email, email_verified }),
    };
    const wrong = fault ? FAULTS[fault] : {};
    const response = await fetch(`${url}/__control/sign`, {
      method: "POST",
      body: JSON.stringify({ ...wrong, claims: { ...said, ...wrong.claims } }),
    });
    const { jwt } = z.object({ jwt: z.string() }).parse(await response.json());
    return { name: COOKIE, value: jwt };
  },
};

const originOf = ({ redirectUris: [uri = "http://localhost:3000"] }: Client) => new URL(uri).origin;

/** On the app's host: a cookie that is set there is sent to the app as well, since cookies know no ports. */
function besideApp(url: string, client: Client, path: string): string {
  const address = new URL(path, url);
  // An app elsewhere is never visited by a browser, and its host is not this one.
  const { hostname } = new URL(originOf(client));
  if (hostname === "localhost") address.hostname = hostname;
  return address.href;
}

/** What to ask of the signer for each fault. */
const FAULTS: Record<TokenFault, { fault?: string; claims?: object; header?: object; also_for?: string }> = {
  unsigned: { fault: "alg_none" },
  public_key_as_secret: { fault: "hmac_with_public_key" },
  foreign_key: { fault: "foreign_key" },
  changed: { fault: "tampered" },
  expired: { claims: { exp: 1_600_000_000 } },
  never_expires: { claims: { exp: null } },
  other_audience: { claims: { aud: "another-app" } },
  other_issuer: { claims: { iss: "https://evil.example" } },
  from_the_future: { claims: { iat: 4_000_000_000, exp: 4_000_000_300 } },
  other_client: { claims: { azp: "another-app" } },
  several_audiences: { also_for: "another-app" },
  access_token: { header: { typ: "at+jwt" } },
};

/** What the next requests for keys get. `times` null: until removed. `delay_ms` is for `slow`. */
const faultRequest = z.strictObject({
  fault: z.enum(["unreachable", "server_error", "slow", "malformed"]),
  times: z.int().positive().nullable().default(null),
  delay_ms: z.number().nonnegative().default(15_000),
});
type Fault = z.output<typeof faultRequest>;

const rotateRequest = z.strictObject({ withdraw: z.boolean().default(false) });

interface Entry {
  path: string;
  /** Null while unanswered, 0 when the socket was dropped. */
  status: number | null;
}

const LIFETIME_SECONDS = 300;

export async function startJwks({
  port,
  audience = "dashboard",
  appOrigin = "http://localhost:3000",
  now = Date.now,
  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}: JwksOptions): Promise<RunningJwks> {
  const signer = new JwtSigner();
  const faults = new FaultBook<Fault>();
  const log = new ReceivedLog<Entry>();

  const around: Around = async (request, next) => {
    const entry = log.append({ path: new URL(request.url).pathname, status: null });
    const response = await answer(next);
    entry.status = response.status;
    return response;
  };

  async function answer(next: () => Promise<Response>): Promise<Response> {
    const fired = faults.fire(() => true);
    if (fired?.fault === "unreachable") return HttpResponse.error();
    if (fired?.fault === "server_error") return new HttpResponse(null, { status: 500 });
    if (fired?.fault === "malformed") return HttpResponse.json({ keys: "none" });
    if (fired?.fault === "slow") await sleep(fired.delay_ms);
    return next();
  }

  /** What a good JWT says. */
  function claimsOf(issuer: string) {
    const iat = Math.floor(now() / 1000);
    return { iss: issuer, aud: audience, sub: "user-1", iat, exp: iat + LIFETIME_SECONDS };
  }

  const handlers = [
    http.get("/.well-known/jwks.json", () => HttpResponse.json(signer.jwks())),
    http.get<{ kid: string }>("/pem/:kid", ({ params }) => {
      const pem = signer.pem(params.kid);
      return pem === null ? new HttpResponse(null, { status: 404 }) : HttpResponse.text(pem);
    }),
    ...proxyPages({
      cookie: COOKIE,
      audience,
      appOrigin,
      sign: (claims, seconds) => {
        const said = claimsOf(served.url);
        return signer.sign(signRequest.parse({ claims: { ...said, ...claims, exp: said.iat + seconds } }));
      },
    }),
  ];
  const control = [
    healthHandler,
    http.post("/__control/sign", async ({ request }) => {
      const wanted = await controlBody(request, signRequest);
      const usual = claimsOf(new URL(request.url).origin);
      const aud = wanted.also_for === undefined ? usual.aud : [usual.aud, wanted.also_for];
      const claims = { ...usual, aud, ...wanted.claims };
      const said = Object.entries(claims).filter(([, value]) => value !== null);
      return HttpResponse.json({ jwt: signer.sign({ ...wanted, claims: Object.fromEntries(said) }) });
    }),
    http.post("/__control/rotate", async ({ request }) => {
      const { withdraw } = await controlBody(request, rotateRequest);
      return HttpResponse.json({ kids: signer.rotate(withdraw) });
    }),
    http.post("/__control/faults", async ({ request }) => {
      const fault = await controlBody(request, faultRequest);
      faults.arm(fault);
      return HttpResponse.json(fault);
    }),
    http.delete("/__control/faults", () => {
      faults.disarm();
      return HttpResponse.json({ ok: true });
    }),
    http.get("/__control/requests", ({ request }) => {
      const since = Number(new URL(request.url).searchParams.get("since") ?? 0);
      return HttpResponse.json({ requests: log.query(since) });
    }),
  ];

  const served = await serve(handlers, { port, around, control });
  const { url } = served;
  return { ...served, jwksUrl: `${url}/.well-known/jwks.json`, pemUrl: `${url}/pem/{kid}` };
}

interface PageOptions {
  cookie: string;
  audience: string;
  appOrigin: string;
  sign(claims: object, seconds: number): string;
}

const TITLE = "Mock proxy";
// Longer than a demo lasts, since these pages don't renew the token as a real proxy does.
const COOKIE_SECONDS = 28_800;

const personas: Persona[] = [
  { id: "ada", subject: "user-ada", name: "Ada Lovelace" },
  { id: "nova", subject: "user-nova", name: "Nova Novak" },
];

/** The pages of the proxy: users get a token in a cookie, and give it up. */
function proxyPages({ cookie, audience, appOrigin, sign }: PageOptions): RequestHandler[] {
  const leave = (path: string, value: string, seconds: number) =>
    new HttpResponse(null, {
      status: 303,
      headers: {
        location: `${appOrigin}${path}`,
        "set-cookie": `${cookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`,
      },
    });
  return [
    http.get("/sign-in", () => choicePage(TITLE, audience, personas)),
    http.post("/sign-in", async ({ request }) => {
      const form = new URLSearchParams(await request.text());
      if (form.has("deny")) return leave("/sign-in", "", 0);
      const persona = personas.find(({ id }) => id === form.get("persona"));
      if (!persona) return refusalPage(TITLE, "there is no such persona");
      const { subject: sub, name } = persona;
      return leave("/dashboard", sign({ sub, name }, COOKIE_SECONDS), COOKIE_SECONDS);
    }),
    // Not protected against CSRF: at worst, another site makes users sign in again.
    http.get("/sign-out", () => leave("/sign-in", "", 0)),
  ];
}
