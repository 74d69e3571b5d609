/** REDIS_URL, by the same client as the app's. */
import type { Redis } from "ioredis";
import type { RedisAddress } from "#app/config/redis-url.server.ts";
import {
  CLUSTER_REFUSED,
  causeOf,
  connectionFailure,
  connectionOptions,
  isCluster,
  type RedisCause,
} from "#app/server/redis-connection.ts";
import { type Context, type Finding, failure, ok, warning } from "../check.ts";

const VARIABLE = "REDIS_URL";

export async function redis({ config: { env, redisUrl }, timeoutMs }: Context): Promise<Finding[]> {
  if (!redisUrl) return env[VARIABLE] ? [] : [ok("not used: one process keeps sessions and limits")];
  const failed = await connectionFailure(redisUrl, timeoutMs);
  if (failed) return [unusable(causeOf(failed), redisUrl)];
  const { Redis } = await import("ioredis");
  const client = new Redis({
    ...connectionOptions(redisUrl, timeoutMs, () => null),
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
  });
  // Told by the command that fails; without a listener it would be printed as well.
  client.on("error", () => {});
  try {
    if (isCluster(await client.info("cluster").catch(() => ""))) return [unusable("cluster", redisUrl)];
    // A replica answers, and takes no sessions. The key expires by itself.
    await client.set("usage-dashboard:doctor", "1", "EX", 5);
    return [ok("Redis answers and takes writes"), ...(await memory(client))];
  } catch (error) {
    return [unusable(causeOf(error), redisUrl)];
  } finally {
    client.disconnect();
  }
}

const START = "start Redis there or fix the address; unset it to run one process without";

const ADVICE: Record<RedisCause, [found: string, advice: string]> = {
  auth_failed: [
    "has no user and password that Redis accepts",
    "set it to redis://user:password@host:port; each character that is no letter, digit, - or _ is written as %XX",
  ],
  cluster: [CLUSTER_REFUSED, "use a Redis with cluster mode off, alone or with Sentinels"],
  closed: [
    "leads to a server that closes the connection: it is no Redis, wants TLS, or limits its clients",
    "fix the host and port, use rediss:// if the server wants TLS, and see its log",
  ],
  loading: ["leads to a Redis that is still loading its data or has lost its primary", "wait, and run again"],
  name_not_found: ["has a name that does not resolve", "fix the host name, or the DNS of this machine"],
  no_permission: ["does not let us write", "give its user the commands and the keys usage-dashboard:*"],
  no_primary: [
    "names a primary that the Sentinels do not know",
    "end it in the name that stands in `sentinel monitor <name> …`",
  ],
  not_redis: ["leads to something that is no Redis", "fix the host and the port"],
  out_of_memory: ["leads to a Redis whose memory is full (OOM)", "give it more memory"],
  read_only: [
    "does not let us write: it is a replica (READONLY)",
    "set it to the primary, or to the Sentinels",
  ],
  refused: ["refuses connections: nothing listens there", START],
  timeout: [
    "does not answer in time",
    "fix the host and port, or open the firewall between this machine and Redis",
  ],
  tls: [
    "fails in TLS: the certificate is not trusted, is for another name, or one side speaks no TLS",
    "use redis:// where there is no TLS, and NODE_EXTRA_CA_CERTS for a private authority",
  ],
  unknown: ["is not answered by a Redis", START],
  unreachable: ["cannot be reached from this network", START],
  writes_refused: [
    "leads to a Redis that refuses writes (MISCONF or NOREPLICAS)",
    "see its log: it cannot save to disk, or has lost its replicas",
  ],
  wrong_database: ["names a database that this Redis does not have", "end it in /0"],
};

function unusable(cause: RedisCause, { sentinel }: RedisAddress): Finding {
  const [found, advice] = ADVICE[cause];
  return failure(VARIABLE, sentinel ? `(by its Sentinels) ${found}` : found, advice);
}

/** A Redis that throws keys away when it is full signs people out. */
async function memory(client: Redis): Promise<Finding[]> {
  const [, policy] = (await client.config("GET", "maxmemory-policy").catch(() => [])) as string[];
  return policy && policy !== "noeviction"
    ? [
        warning(
          VARIABLE,
          `may forget sessions when it is full (maxmemory-policy ${policy})`,
          "set maxmemory-policy to noeviction, or give it memory enough",
        ),
      ]
    : [];
}
