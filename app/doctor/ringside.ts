/** The calls to Ringside that several checks read, each made once, when a check first needs it. */
import { randomBytes } from "node:crypto";
import { dailyUsageQuery, errorCode, parseCustomer, paths } from "#app/ringside/contract.ts";
import { allowedEndpoints } from "#app/ringside/minting.server.ts";
import type { Ask, Reply } from "./http.ts";

export interface RingsideClientOptions {
  url: URL;
  apiKey: string;
  /** What tokens are locked to; null when it is not known. */
  origin: URL | null;
  ttlSeconds: number;
  /** Make a Customer to test with. */
  create: boolean;
  /** The external_id of an existing Customer to test with. */
  externalId: string | null;
  ask: Ask;
}

export interface RingsideClient {
  /** A look-up of an external_id that does not exist: must answer 404. */
  lookUp(): Promise<Reply>;
  /** The same with a key that Ringside does not know. */
  stranger(): Promise<Reply>;
  /** Whether address and key are right, without which nothing else is worth asking. */
  open(): Promise<boolean>;
  /** The external_id to test with; null when none was given. */
  externalId: string | null;
  /** The Customer to test with, made or looked up; null when there is none to ask for. */
  customer(): Promise<Reply | null>;
  /** That Customer's id; null when there is none, or its row cannot be read. */
  customerId(): Promise<string | null>;
  create(externalId: string, name: string, idempotencyKey: string): Promise<Reply>;
  byExternalId(externalId: string): Promise<Reply>;
  dailyUsage(externalId: string): Promise<Reply>;
  /** The app's own mint request; once for each Customer. */
  mint(customerId: string): Promise<Reply>;
  /** Asks as a page of that origin does. @param path below the API base */
  asPage(path: string, authorization: string, origin: string): Promise<Reply>;
  /** What a browser asks before it sends a Client Token. */
  preflight(path: string, origin: string): Promise<Reply>;
}

export const NAME = "Doctor, safe to delete";

const random = () => randomBytes(8).toString("hex");
export const isRefusal = ({ status }: Reply) => status === 401 || status === 403;

export function createRingsideClient({
  url,
  apiKey,
  origin,
  ttlSeconds,
  create,
  externalId,
  ask,
}: RingsideClientOptions): RingsideClient {
  const base = url.href.replace(/\/$/, "");
  const withKey = { accept: "application/json", authorization: `Bearer ${apiKey}` };
  const get = (path: string, headers: Record<string, string> = withKey) => ask(base + path, { headers });
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    ask(base + path, {
      method: "POST",
      headers: { ...withKey, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  const missing = paths.customerByExternalId(`doctor_${random()}`);
  // With a character that has to be percent-encoded, as Auth0's ids have it.
  const testId = create ? `doctor_${random()}|1` : externalId;
  const mints = new Map<string, Promise<Reply>>();

  const ringside: RingsideClient = {
    lookUp: once(() => get(missing)),
    stranger: once(() => get(missing, { ...withKey, authorization: "Bearer doctor-invalid-credential" })),
    open: once(async () => {
      const [known, stranger] = await Promise.all([ringside.lookUp(), ringside.stranger()]);
      return known.status === 404 && isRefusal(stranger);
    }),
    externalId: testId,
    customer: once(async () => {
      if (testId === null) return null;
      return create ? ringside.create(testId, NAME, `doctor-${testId}`) : ringside.byExternalId(testId);
    }),
    customerId: async () => idIn(await ringside.customer()),
    create: (id, name, key) => post(paths.customers, { external_id: id, name }, { "idempotency-key": key }),
    byExternalId: (id) => get(paths.customerByExternalId(id)),
    dailyUsage: (id) => get(`${paths.customerUsage(id)}?${dailyUsageQuery(sinceLastWeek())}`),
    mint(customer) {
      const minted =
        mints.get(customer) ??
        post(paths.clientTokens, {
          customer,
          origin: (origin ?? new URL("https://doctor.invalid")).origin,
          allowed_endpoints: allowedEndpoints(url, customer),
          ttl_seconds: ttlSeconds,
        });
      mints.set(customer, minted);
      return minted;
    },
    asPage: (path, authorization, from) =>
      get(path, { accept: "application/json", authorization, origin: from }),
    preflight: (path, from) =>
      ask(base + path, {
        method: "OPTIONS",
        headers: {
          origin: from,
          "access-control-request-method": "GET",
          "access-control-request-headers": "authorization",
        },
      }),
  };
  return ringside;
}

/** The status with the error's code where we can read one; never the text, which another server wrote. */
export function answerOf({ status, body }: Reply): string {
  const code = errorCode(body);
  return code !== null && /^[\w.-]{1,60}$/.test(code) ? `${status} ${code}` : String(status);
}

export const sinceLastWeek = () => new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);

function idIn(reply: Reply | null): string | null {
  if (!reply || reply.status >= 300) return null;
  try {
    return parseCustomer(reply.body).id;
  } catch {
    return null;
  }
}

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= run();
    return result;
  };
}
