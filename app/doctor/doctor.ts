/** Runs every check, each within its time, and gathers what they found in a fixed order. */
import { createAsk } from "./ask.ts";
import type { Check, Context } from "./check.ts";
import { adapters } from "./checks/adapters.ts";
import { clock } from "./checks/clock.ts";
import { configuration } from "./checks/configuration.ts";
import { contract } from "./checks/contract.ts";
import { cors } from "./checks/cors.ts";
import { embedding } from "./checks/embedding.ts";
import { key } from "./checks/key.ts";
import { machine } from "./checks/machine.ts";
import { mint } from "./checks/mint.ts";
import { origin } from "./checks/origin.ts";
import { page } from "./checks/page.ts";
import { port } from "./checks/port.ts";
import { redis } from "./checks/redis.ts";
import { secrets } from "./checks/secrets.ts";
import { settings } from "./checks/settings.ts";
import type { Finding } from "./finding.ts";
import { finish } from "./finish.ts";
import { createRedact } from "./redact.ts";
import { type Environment, readSubject } from "./subject.ts";
import { visitRingside } from "./visit.ts";

export interface DoctorOptions {
  /** Make a Customer `doctor_…` to test with; nothing is made without it. */
  create: boolean;
  /** The external_id of a Customer to test with instead. */
  externalId: string | null;
  /** For one question to somebody else. */
  timeoutMs: number;
}

export interface Line extends Finding {
  check: string;
}

const checksFor = ({ create }: DoctorOptions): Check[] => [
  { name: "configuration", blames: [], run: configuration },
  { name: "secrets", blames: [], run: secrets },
  { name: "settings", blames: [], run: settings },
  { name: "machine", blames: [], run: () => machine() },
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

/** All checks at once; within 10 s, whatever hangs. No line holds a secret of `environment`. */
export async function runDoctor(environment: Environment, options: DoctorOptions): Promise<Line[]> {
  const subject = readSubject(environment);
  const ask = createAsk(options.timeoutMs);
  const { ringside, origin: appOrigin, ttlSeconds } = subject;
  const visit =
    ringside &&
    visitRingside({ ...ringside, ...options, origin: appOrigin, ttlSeconds: ttlSeconds ?? 300, ask });
  const context: Context = { subject, ask, timeoutMs: options.timeoutMs, visit };
  const redact = createRedact(subject.env);

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
