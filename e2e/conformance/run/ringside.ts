/** The mock Ringside of a staged run: what it received, what it holds, and what it does wrong next. */
import { randomBytes } from "node:crypto";
import { startRingside } from "#mocks/ringside/server.ts";
import { control } from "../../control/http.ts";

/** Used where the owner configures the app by hand, so that the value stays the same between runs. */
const FIXED_KEY = "sk_live_conformance_canary_5c81e07f2b94";

export interface Entry {
  seq: number;
  at: number;
  method: string;
  path: string;
  query: Record<string, string>;
  origin: string | null;
  authorization: "bearer" | "client" | "none" | "other";
  token_id: string | null;
  customer: string | null;
  external_id: string | null;
  cookie: boolean;
  body: Record<string, unknown> | null;
  status: number | null;
}

export interface IssuedToken {
  jti: string;
  customer: string;
  issued_at: number;
  expires_at: number;
}

export interface Ringside {
  /** With `/v1`. */
  url: string;
  key: string;
  received(since?: number): Promise<Entry[]>;
  /** To give to `received` later. */
  mark(): Promise<number>;
  tokens(): Promise<IssuedToken[]>;
  customers(): Promise<{ id: string; external_id: string }[]>;
  spend(externalId: string, usd: number): Promise<void>;
  fault(fault: string, details?: object): Promise<void>;
  /** Ends all faults. */
  recover(): Promise<void>;
  /** Grants tokens no longer life than this. */
  limitTokens(externalId: string, seconds: number | null): Promise<void>;
  advance(ms: number): void;
  resetClock(): void;
  close(): Promise<void>;
}

export async function startStagedRingside({ port = 0, fixedKey = false } = {}): Promise<Ringside> {
  const key = fixedKey ? FIXED_KEY : `sk_live_${randomBytes(18).toString("hex")}`;
  let offset = 0;
  const server = await startRingside({ port, apiKey: key, now: () => Date.now() + offset });
  const all = <T>(path: string) => control<T>(server.url, "GET", path);
  const post = async (path: string, body: object) => void (await control(server.url, "POST", path, body));
  const received = async (since = 0) =>
    (await all<{ requests: Entry[] }>(`/requests?since=${since}`)).requests;
  return {
    url: server.baseUrl,
    key,
    received,
    mark: async () => (await received()).at(-1)?.seq ?? 0,
    tokens: async () => (await all<{ tokens: IssuedToken[] }>("/tokens")).tokens,
    customers: () => all("/customers"),
    spend: (externalId, usd) =>
      post("/usage", { customer: `ext:${encodeURIComponent(externalId)}`, spend_usd: usd }),
    fault: (fault, details = {}) => post("/faults", { customer: "*", fault, ...details }),
    recover: async () => void (await control(server.url, "DELETE", "/faults?customer=*")),
    limitTokens: (external_id, seconds) =>
      post("/customers", { external_id, ...(seconds !== null && { max_token_ttl_seconds: seconds }) }),
    advance(ms) {
      offset += ms;
    },
    resetClock() {
      offset = 0;
    },
    close: server.close,
  };
}

export const isMint = ({ method, path }: Entry) => method === "POST" && path.endsWith("/client_tokens");
/** The browser reads the Customer's row. */
export const isPoll = ({ method, path, authorization }: Entry) =>
  method === "GET" && authorization === "client" && /^\/v1\/customers\/[^/]+$/.test(path);
export const isUsage = ({ method, path, authorization }: Entry) =>
  method === "GET" && authorization === "client" && path.endsWith("/usage");
