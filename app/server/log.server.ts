/**
 * Structured logs: JSON lines, each with the `request` it belongs to. Callers pass facts, never headers, bodies or
 * whole URLs, which hold codes, states and tokens; what looks like a secret all the same is removed before a line is
 * written, because an error's text can quote a URL or a header.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { type DestinationStream, type Logger, pino } from "pino";
import { passwordsIn } from "#app/config/redis-url.server.ts";

export interface RequestContext {
  /** Generated here, never taken from a header: error pages show it, and log lines hold it. */
  id: string;
  /** The client's address, as far as TRUST_PROXY lets us believe it. */
  address: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs the handler of a request; everything it starts can read the context, which a web Request cannot carry. */
export const withRequestContext = <T>(context: RequestContext, run: () => T): T => storage.run(context, run);

/** Undefined outside of a request, and behind the dev server, which has no such layer. */
export const requestContext = (): RequestContext | undefined => storage.getStore();

const REMOVED = "[removed]";

/** What a secret looks like when its value is not known beforehand. No pattern takes quadratic time on any text. */
const SHAPES: [RegExp, string][] = [
  [/\b(Bearer|Client|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REMOVED}`],
  // In queries and forms, percent-encoded or not.
  [
    /(?<=^|[^A-Za-z_]|%[\dA-F]{2})(code|state|token|access_token|id_token|refresh_token|code_verifier|client_secret|password|nonce)(=|%3D)[^\s&"'\\]+/gi,
    `$1$2${REMOVED}`,
  ],
  [/\b((?:__Host-)?(?:session|flow-[\w-]{1,100})=)[^\s;"'\\]+/g, `$1${REMOVED}`],
  // An external_id in a Ringside URL identifies a person.
  [/\b(ext(?::|%3A))[^\s/?"'\\…]+/gi, `$1${REMOVED}`],
  // user:password@host
  [/(\b[a-z][a-z\d+.-]{0,30}:\/\/)[^\s/@"'\\]+@/gi, `$1${REMOVED}@`],
];

/** JWTs and sealed cookies (JWE): both begin with a JSON object in base64url, and have at least two dots after it. */
const removeJwt = (run: string): string => {
  const at = run.search(/eyJ[\w-]/);
  return at >= 0 && /\..*\./.test(run.slice(at)) ? run.slice(0, at) + REMOVED : run;
};

const SECRET_NAMES = /SECRET|PASSWORD|TOKEN|_KEY$/;

/**
 * The values in an environment that no log may hold, as they look inside a JSON string. Comma-separated lists are
 * taken apart; what is too short to be a secret is left alone, or a value of `1` would blank every digit.
 */
function secretsIn(environment: Record<string, string | undefined>): string[] {
  return Object.entries(environment)
    .filter(([name]) => SECRET_NAMES.test(name))
    .flatMap(([, value = ""]) => [value, ...value.split(",").map((part) => part.trim())])
    .concat(passwordsIn(environment["REDIS_URL"] ?? ""))
    .filter((value) => value.length >= 8)
    .map((value) => JSON.stringify(value).slice(1, -1))
    .sort((one, other) => other.length - one.length);
}

function createScrub(secrets: readonly string[]): (line: string) => string {
  return (line) => {
    let clean = line;
    for (const secret of secrets) clean = clean.replaceAll(secret, REMOVED);
    clean = clean.replace(/[\w.-]{8,}/g, removeJwt);
    for (const [shape, replacement] of SHAPES) clean = clean.replace(shape, replacement);
    return clean;
  };
}

/** What waits for the reader of standard output; more is dropped, as a pipe that is not read must not fill the memory. */
const MAX_UNREAD_BYTES = 1_048_576;

/** Standard output without blocking: pino's own destination stops the process until the pipe is read. */
function standardOutput(): DestinationStream {
  // The reader of the pipe has gone (EPIPE): the app serves on without a log.
  if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", () => {});
  return {
    write(line) {
      if (process.stdout.writableLength < MAX_UNREAD_BYTES) process.stdout.write(line);
    },
  };
}

const FLUSH_MS = 500;

/** Resolves when all lines have been read; after half a second all the same, as the reader may have stopped. */
export function flushLog(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH_MS);
    process.stdout.write("", () => resolve());
  });
}

/** @param environment holds LOG_LEVEL, and the secrets to remove */
export function createLog(
  environment: Record<string, string | undefined>,
  destination: DestinationStream = standardOutput(),
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
  return pino(options, destination);
}

export const log = createLog(process.env);
