/**
 * The mock of a proxy or auth service that puts JWTs on requests: it publishes its public keys as a JWKS, and one
 * PEM per key as AWS does, and signs whatever a test asks for.
 */
import { HttpResponse, http } from "msw";
import * as z from "zod";
import { controlBody, FaultBook, healthHandler, ReceivedLog } from "#mocks/control.ts";
import { type Around, serve } from "#mocks/serve.ts";
import { JwtSigner, signRequest } from "./jwt-signer.ts";

export interface JwksOptions {
  /** 0 takes a free port. */
  port: number;
  /** The `aud` of its JWTs unless a test names another. */
  audience?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** How the fault `slow` waits. */
  sleep?: (ms: number) => Promise<void>;
}

export interface RunningJwks {
  /** `http://127.0.0.1:<port>`: the `iss` of its JWTs; below it are the keys and `/__control`. */
  url: string;
  /** For `JWT_JWKS_URL`. */
  jwksUrl: string;
  /** The same, for an issuer with one address per key. */
  pemUrl: string;
  close(): Promise<void>;
}

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
  ];
  const control = [
    healthHandler,
    http.post("/__control/sign", async ({ request }) => {
      const wanted = await controlBody(request, signRequest);
      const claims = { ...claimsOf(new URL(request.url).origin), ...wanted.claims };
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

  const { url, close } = await serve(handlers, { port, around, control });
  return { url, jwksUrl: `${url}/.well-known/jwks.json`, pemUrl: `${url}/pem/{kid}`, close };
}
