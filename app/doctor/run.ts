/** Runs every check with a time limit, and returns the findings in a fixed order. */
import { type Check, type Context, type Finding, failure, type Line } from "./check.ts";
import { adapters } from "./checks/adapters.ts";
import { configuration } from "./checks/configuration.ts";
import { contract } from "./checks/contract.ts";
import { clock, key } from "./checks/key.ts";
import { machine, outbound, port } from "./checks/machine.ts";
import { mint } from "./checks/mint.ts";
import { embedding, origin } from "./checks/origin.ts";
import { cors, page } from "./checks/page.ts";
import { redis } from "./checks/redis.ts";
import { secrets } from "./checks/secrets.ts";
import { settings } from "./checks/settings.ts";
import { type Environment, readDoctorConfig } from "./config.ts";
import { createAsk, Unreachable } from "./http.ts";
import { createRedact } from "./report.ts";
import { createRingsideClient } from "./ringside.ts";

export interface DoctorOptions {
  /** Make a Customer `doctor_…` to test with; nothing is made without it. */
  create: boolean;
  /** The external_id of a Customer to test with instead. */
  externalId: string | null;
  /** For one request to another server. */
  timeoutMs: number;
  /** Variables that only `.env` sets, which Node has read before: they have no effect there. */
  setTooLate?: readonly string[];
}

const checksFor = ({ create, setTooLate = [] }: DoctorOptions): Check[] => [
  { name: "configuration", blames: [], run: configuration },
  { name: "secrets", blames: [], run: secrets },
  { name: "settings", blames: [], run: settings },
  { name: "machine", blames: [], run: () => machine() },
  { name: "outbound", blames: [], run: ({ config }) => outbound(config.env, setTooLate) },
  { name: "port", blames: ["PORT"], run: port },
  { name: "origin", blames: ["APP_ORIGIN"], run: origin },
  { name: "key", blames: ["RINGSIDE_API_URL"], run: key },
  { name: "clock", blames: ["RINGSIDE_API_URL"], run: clock },
  { name: "contract", blames: ["RINGSIDE_API_URL"], run: contract(create) },
  { name: "mint", blames: ["RINGSIDE_API_URL"], run: mint },
  { name: "cors", blames: ["RINGSIDE_API_URL"], run: cors },
  { name: "page", blames: ["RINGSIDE_API_URL"], run: page },
  { name: "adapters", blames: ["AUTH_ADAPTERS"], run: adapters },
  { name: "embedding", blames: ["EMBED_ORIGINS"], run: embedding },
  { name: "redis", blames: ["REDIS_URL"], run: redis },
];

/** Runs the checks in parallel and ends within 10 s even if one hangs. No line holds a secret of `environment`. */
export async function runDoctor(environment: Environment, options: DoctorOptions): Promise<Line[]> {
  const config = readDoctorConfig(environment);
  const ask = createAsk(options.timeoutMs);
  const { origin, clientTokenTtlSeconds } = config;
  const ringside =
    config.ringside &&
    createRingsideClient({
      ...config.ringside,
      ...options,
      origin,
      ttlSeconds: clientTokenTtlSeconds ?? 300,
      ask,
    });
  const context: Context = { config, ask, timeoutMs: options.timeoutMs, ringside };
  const redact = createRedact(config.env);

  const lines = await Promise.all(
    checksFor(options).map(async (check) =>
      (await finish(check, context)).map((finding) => ({ check: check.name, ...finding })),
    ),
  );
  return lines.flat().map(({ found, todo, ...line }) => ({
    ...line,
    found: redact(found),
    todo: todo && redact(todo),
  }));
}

export const CHECK_MS = 10_000;

/** What the check found; a failure when it takes too long, cannot connect, or throws. Never throws itself. */
export async function finish({ blames, run }: Check, context: Context): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(() => {
      resolve([failure(blames, `took longer than ${CHECK_MS / 1000} s to check`, "see what is slow there")]);
    }, CHECK_MS);
  });
  try {
    return await Promise.race([run(context), late]);
  } catch (error) {
    if (error instanceof Unreachable) return [failure(blames, error.message, error.todo)];
    // A defect of the doctor's own must not hide what the other checks found.
    const name = error instanceof Error ? error.constructor.name : typeof error;
    return [failure(blames, `could not be checked: the check itself failed (${name})`, "please report this")];
  } finally {
    clearTimeout(timer);
  }
}
