/** Structured logs. Callers pass facts, never headers, bodies or whole URLs: those hold codes, states and tokens. */
import { type DestinationStream, type Logger, pino } from "pino";
import { createScrub, secretsIn } from "./log-scrub.server.ts";
import { requestContext } from "./request-context.server.ts";

/** JSON lines, each with the `request` it belongs to, and with nothing in it that looks like a secret. */
export function createLog(
  environment: Record<string, string | undefined>,
  destination?: DestinationStream,
): Logger {
  const level = environment["LOG_LEVEL"] || "info";
  const options = {
    // A wrong level is the configuration's to report; a log that throws could not say so.
    level: level === "silent" || level in pino.levels.values ? level : "info",
    base: null,
    mixin: () => {
      const context = requestContext();
      return context ? { request: context.id } : {};
    },
    hooks: { streamWrite: createScrub(secretsIn(environment)) },
  };
  return destination ? pino(options, destination) : pino(options);
}

export const log = createLog(process.env);
