/** The mock Ringside, over real HTTP and as strict as the documentation: for tests, development and the demo. */
import { type Around, serve } from "#mocks/serve.ts";
import { apiRoutes } from "./api.ts";
import { createAuth, TokenIssuer } from "./auth.ts";
import { controlRoutes } from "./control.ts";
import { CustomerStore } from "./customers.ts";
import { Faults } from "./faults.ts";
import { allowCors, Idempotency, preflight } from "./http.ts";
import { RequestLog, readCall } from "./requests.ts";
import { type SeedCustomer, seedCustomer } from "./seed.ts";

export interface RingsideOptions {
  /** 0 takes a free port. */
  port: number;
  /** The only accepted Bearer key. */
  apiKey?: string;
  seed?: readonly SeedCustomer[];
  /** The real clock in milliseconds; each Customer's clock can be moved relative to it. */
  now?: () => number;
  /** How the fault `slow` waits. */
  sleep?: (ms: number) => Promise<void>;
}

export interface RunningRingside {
  /** `http://127.0.0.1:<port>`; the control API is below `/__control`. */
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
  const customers = new CustomerStore(now);
  for (const customer of seed) customers.replace(seedCustomer.parse(customer));
  const tokens = await TokenIssuer.create();
  const faults = new Faults(sleep);
  const log = new RequestLog();
  const auth = createAuth({ apiKey, customers, tokens, now });

  const around: Around = async (request, next) => {
    const call = await readCall(request, { customers, tokens });
    const entry = log.append(request, call);
    const origin = request.headers.get("origin");
    const cors = origin === null || !faults.corsOff(call);
    const response = call.preflight ? preflight(cors) : await faults.answer(call, next, customers);
    entry.status = response.status;
    if (response.type === "error") return response;
    const clock = call.account?.now() ?? now();
    response.headers.set("date", new Date(clock).toUTCString());
    if (cors) allowCors(response, origin);
    return response;
  };

  const server = await serve(apiRoutes({ auth, customers, tokens, idempotency: new Idempotency(now), now }), {
    port,
    around,
    control: controlRoutes({ customers, tokens, faults, log }),
  });
  return { url: server.url, baseUrl: `${server.url}/v1`, close: server.close };
}
