/** How a connection to Redis is made and how its failures are named; the server and the doctor share it. */
import type { RedisOptions } from "ioredis";
import type { RedisAddress } from "#app/config/redis-url.server.ts";

/**
 * @param timeoutMs for connecting, and for each question to a Sentinel
 * @param retryStrategy how long to wait after the nth attempt; null gives up
 */
export function connectionOptions(
  address: RedisAddress,
  timeoutMs: number,
  retryStrategy: (attempt: number) => number | null,
) {
  const { hosts, tls, database, username, password, sentinel } = address;
  const options = {
    db: database,
    connectTimeout: timeoutMs,
    retryStrategy,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  } satisfies RedisOptions;
  const [only] = hosts;
  if (!sentinel) return { ...options, ...only };
  return {
    ...options,
    sentinels: hosts,
    name: sentinel.name,
    role: "master" as const,
    sentinelCommandTimeout: timeoutMs,
    sentinelRetryStrategy: retryStrategy,
    ...(sentinel.username !== undefined && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== undefined && { sentinelPassword: sentinel.password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  } satisfies RedisOptions;
}

/** Connects once and asks for an answer. @returns what went wrong, or null */
export async function connectionFailure(address: RedisAddress, timeoutMs: number): Promise<Error | null> {
  const { Redis } = await import("ioredis");
  const client = new Redis({
    ...connectionOptions(address, timeoutMs, () => null),
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
    // A Sentinel answers, and is never "ready" as a Redis is.
    enableReadyCheck: false,
  });
  // Tells more than the rejected promise, and would be printed if nothing listened.
  let reported: Error | null = null;
  client.on("error", (error: Error) => {
    reported ??= error;
  });
  try {
    await client.connect();
    await client.ping();
    return null;
  } catch (error) {
    const told = reported ?? (error as Error);
    return address.sentinel && SENTINELS_FAILED.test(told.message)
      ? ((await sentinelFailure(address, timeoutMs)) ?? told)
      : told;
  } finally {
    client.disconnect();
  }
}

/** ioredis then says no more than "Connection is closed." */
export const SENTINELS_FAILED = /All sentinels are unreachable/;

/** Why a Sentinel cannot be asked, found by connecting to each one itself. @returns null when one answers */
export async function sentinelFailure(address: RedisAddress, timeoutMs: number): Promise<Error | null> {
  const { name: _, ...credentials } = address.sentinel ?? { name: "" };
  let failure: Error | null = null;
  for (const host of address.hosts) {
    const sentinel = { tls: address.tls, hosts: [host], database: 0, sentinel: null, ...credentials };
    failure = await connectionFailure(sentinel, timeoutMs);
    if (!failure) return null;
  }
  return failure;
}

export type RedisCause =
  | "auth_failed"
  | "cluster"
  | "closed"
  | "loading"
  | "name_not_found"
  | "no_permission"
  | "no_primary"
  | "not_redis"
  | "out_of_memory"
  | "read_only"
  | "refused"
  | "timeout"
  | "tls"
  | "unreachable"
  | "unknown"
  | "wrong_database"
  | "writes_refused";

/** Tried in order; matched against the error's code and its message, since a Sentinel error has only the message. */
const CAUSES: [RedisCause, RegExp][] = [
  ["cluster", /\b(MOVED|ASK|CLUSTERDOWN|CROSSSLOT)\b|cluster mode|Redis Cluster/],
  ["read_only", /\bREADONLY\b/],
  ["loading", /\b(LOADING|MASTERDOWN)\b/],
  ["auth_failed", /\b(WRONGPASS|NOAUTH)\b|invalid (username-)?password|AUTH failed/i],
  ["no_permission", /\bNOPERM\b/],
  ["out_of_memory", /\bOOM\b/],
  ["writes_refused", /\b(MISCONF|NOREPLICAS)\b/],
  ["no_primary", /invalid reply: null|No such master|sentinels are unreachable and retry is disabled\.$/i],
  ["name_not_found", /\b(ENOTFOUND|EAI_AGAIN)\b/],
  ["refused", /\bECONNREFUSED\b/],
  [
    "tls",
    /\b(EPROTO|ERR_TLS\w*|ERR_SSL\w*|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)\b|certificate|SSL routines/i,
  ],
  ["timeout", /\bETIMEDOUT\b|timed? ?out/i],
  ["unreachable", /\b(EHOSTUNREACH|ENETUNREACH)\b/],
  ["wrong_database", /DB index is out of range/],
  ["not_redis", /Unknown RESP type|Protocol error/],
  ["closed", /\b(ECONNRESET|EPIPE)\b|Connection is closed|Stream isn't writeable/],
];

export function causeOf(error: unknown): RedisCause {
  const { code = "", message = "" } = (error ?? {}) as NodeJS.ErrnoException;
  return CAUSES.find(([, pattern]) => pattern.test(`${code} ${message}`))?.[0] ?? "unknown";
}

/**
 * Errors that a new connection can cure, because it may reach another Redis: the address leads to the new primary
 * after a failover, while the old connection still leads to the demoted one.
 */
const CURED_BY_RECONNECTING: ReadonlySet<RedisCause> = new Set([
  "auth_failed",
  "loading",
  "read_only",
  "writes_refused",
]);

export const curedByReconnecting = (cause: RedisCause) => CURED_BY_RECONNECTING.has(cause);

/** Completes "REDIS_URL …". */
export const CLUSTER_REFUSED =
  "leads to a Redis Cluster (cluster_enabled:1), which this app does not support; name a single Redis, or Sentinels with redis-sentinel://";

/** Whether the reply to `INFO cluster` is a Redis Cluster node's. */
export const isCluster = (info: unknown) => /^cluster_enabled:1\b/m.test(String(info));
