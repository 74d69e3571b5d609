/** This process's one connection to Redis, where REDIS_URL is set. It fails fast, and reconnects by itself. */
import { Redis, type RedisOptions } from "ioredis";
import { ConfigError, config } from "#app/config/config.server.ts";
import type { RedisAddress } from "#app/config/redis-url.server.ts";
import { log } from "#app/server/log.server.ts";
import {
  CLUSTER_REFUSED,
  causeOf,
  connectionOptions,
  curedByReconnecting,
  isCluster,
  SENTINELS_FAILED,
  sentinelFailure,
} from "./redis-connection.ts";

/** In front of every key, so that a Redis can be shared with others. */
export const KEY_PREFIX = "usage-dashboard:";

const CONNECT_TIMEOUT_MS = 2_000;
const FIRST_CONTACT_MS = 5_000;
const PROBE_MS = 1_000;

/**
 * A user waits for each command, and a clear "not now" is better than a page that hangs: nothing is queued during an
 * outage, as a queue would fill the memory and then run commands that no request waits for; nothing is sent twice; and
 * every command has a second.
 */
const FAIL_FAST = {
  commandTimeout: 1_000,
  // A Redis that hangs keeps its socket open; only a new connection tells when it is back.
  socketTimeout: 3_000,
  maxLoadingRetryTime: 1_000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} satisfies RedisOptions;

/** Soon, as outages are short; with jitter, as every process lost the connection at the same moment. */
const retryDelay = (attempt: number) =>
  Math.min(100 * 2 ** Math.min(attempt, 5), 2_000) * (0.5 + Math.random() / 2);

/** Writes, as sessions do: `PING` succeeds on a replica, on a full Redis and on one that cannot save. */
const probe = (client: Pick<Redis, "set">) => client.set(`${KEY_PREFIX}check`, "1", "EX", 5);

/** One log line when an outage begins and one when a write succeeds again, however many attempts lie between. */
function createOutage(client: () => Redis, address: RedisAddress) {
  let timer: NodeJS.Timeout | undefined;
  const ended = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = undefined;
    log.info({ event: "redis_back" });
  };
  const began = (error: Error) => {
    if (timer) return;
    explain(error, address).then((explained) =>
      log.error({ event: "redis_away", cause: causeOf(explained), detail: explained.message }),
    );
    // Notices the end, or reconnects, although no request may come.
    timer = setInterval(() => checkRedis(client()).then(ended, () => {}), PROBE_MS).unref();
  };
  return { began, ended };
}

/** The error itself, or for Sentinels that cannot be asked, why one of them cannot. */
const explain = async (error: Error, address: RedisAddress): Promise<Error> =>
  (address.sentinel &&
    SENTINELS_FAILED.test(error.message) &&
    (await sentinelFailure(address, CONNECT_TIMEOUT_MS).catch(() => null))) ||
  error;

function connectRedis(address: RedisAddress): Redis {
  const outage = createOutage(() => client, address);
  let reconnectedAt = Number.NEGATIVE_INFINITY;

  /** Sees every error reply. `PING` and the connection itself may be well all the while. */
  function reconnectOnError(error: Error & { command?: { name: string } }): 1 | false {
    // A user without the permission for INFO can still be the app's.
    if (error.command?.name === "info") return false;
    const cause = causeOf(error);
    const curable = curedByReconnecting(cause);
    if (curable || cause === "out_of_memory" || cause === "cluster") outage.began(error);
    // Reads still work on such a Redis, so it is not left more often than once a second.
    if (!curable || performance.now() - reconnectedAt < PROBE_MS) return false;
    reconnectedAt = performance.now();
    return 1;
  }

  const client = new Redis({
    ...connectionOptions(address, CONNECT_TIMEOUT_MS, retryDelay),
    ...FAIL_FAST,
    reconnectOnError,
  });
  // Without a listener the first error would end the process.
  client.on("error", (error) => outage.began(error));
  client.on("ready", () => checkRedis(client).then(outage.ended, outage.began));
  return client;
}

/** What readiness asks. @throws Error when sessions cannot be written */
export async function checkRedis(client: Pick<Redis, "set" | "info">): Promise<void> {
  if (await leadsToCluster(client)) throw new Error(`REDIS_URL ${CLUSTER_REFUSED}`);
  await probe(client);
}

const leadsToCluster = (client: Pick<Redis, "info">): Promise<boolean> =>
  client.info("cluster").then(isCluster, () => false);

/**
 * Resolves once Redis can be used; after 5 s all the same, for a page that says so is better than none. A process
 * that takes requests before would turn away users who are known to the other processes.
 * @throws ConfigError when it is a Redis Cluster
 */
export async function firstContact(client: Redis): Promise<void> {
  if (client.status !== "ready")
    await new Promise<void>((resolve) => {
      client.once("ready", () => resolve());
      setTimeout(resolve, FIRST_CONTACT_MS).unref();
    });
  if (!(await leadsToCluster(client))) return;
  // An open connection would keep the process alive.
  client.disconnect();
  throw new ConfigError([{ variable: "REDIS_URL", problem: CLUSTER_REFUSED }]);
}

let current: Redis | null | undefined;

/** The connection; null when this deployment has no Redis. */
export function redis(): Redis | null {
  const { redisUrl } = config();
  current ??= redisUrl && connectRedis(redisUrl);
  return current;
}
