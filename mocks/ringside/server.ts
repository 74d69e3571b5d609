/** The mock Ringside: a strict oracle over real HTTP, for tests, development and the demo. */
import { type Around, serve } from "#mocks/serve.ts";
import { createGate } from "./auth.ts";
import { readCall } from "./call.ts";
import { controlRoutes } from "./control-routes.ts";
import { allowCors, preflight } from "./cors.ts";
import { Faults } from "./faults.ts";
import { handlers } from "./handlers.ts";
import { Idempotency } from "./idempotency.ts";
import { Ledger } from "./ledger.ts";
import { RequestLog } from "./request-log.ts";
import { type SeedCustomer, seedCustomer } from "./seed.ts";
import { TokenIssuer } from "./tokens.ts";

export interface RingsideOptions {
  /** 0 takes a free port. */
  port: number;
  /** The one Bearer key that is accepted. */
  apiKey?: string;
  seed?: readonly SeedCustomer[];
  /** The real clock in milliseconds; Customers can be moved away from it one by one. */
  now?: () => number;
  /** How the fault `slow` waits. */
  sleep?: (ms: number) => Promise<void>;
}

export interface RunningRingside {
  /** `http://127.0.0.1:<port>`, below which `/__control` lies. */
  url: string;
  /** `<url>/v1`, for `RINGSIDE_API_URL`. */
  baseUrl: string;
  close(): Promise<void>;
}

export async function startRingside({
  port,
  apiKey = "sk_live_mock_ringside_key",
  seed = [],
  now = Date.now,
  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}: RingsideOptions): Promise<RunningRingside> {
  const ledger = new Ledger(now);
  for (const customer of seed) ledger.replace(seedCustomer.parse(customer));
  const tokens = await TokenIssuer.create();
  const faults = new Faults(sleep);
  const log = new RequestLog();
  const gate = createGate({ apiKey, ledger, tokens, now });

  const around: Around = async (request, next) => {
    const call = await readCall(request, { ledger, tokens });
    const entry = log.append(request, call);
    const origin = request.headers.get("origin");
    const cors = origin === null || !faults.corsOff(call);
    const response = call.preflight ? preflight(cors) : await faults.answer(call, next, ledger);
    entry.status = response.status;
    if (response.type === "error") return response;
    const clock = call.account?.now() ?? now();
    response.headers.set("date", new Date(clock).toUTCString());
    if (cors) allowCors(response, origin);
    return response;
  };

  const server = await serve(handlers({ gate, ledger, tokens, idempotency: new Idempotency(now), now }), {
    port,
    around,
    control: controlRoutes({ ledger, tokens, faults, log }),
  });
  return { url: server.url, baseUrl: `${server.url}/v1`, close: server.close };
}
