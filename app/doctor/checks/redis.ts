/** REDIS_URL, by the same client as the app's. */
import type { Redis } from "ioredis";
import { type Context, type Finding, failure, ok, warning } from "../check.ts";
import { reasonFor } from "../http.ts";

const VARIABLE = "REDIS_URL";

export async function redis({ config: { env, redisUrl }, timeoutMs }: Context): Promise<Finding[]> {
  if (!redisUrl) return env[VARIABLE] ? [] : [ok("not used: one process keeps sessions and limits")];
  const { Redis } = await import("ioredis");
  const client = new Redis(redisUrl.href, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // What a failed connection is reported by; without a listener it would be printed. The answer is below.
  let cause: NodeJS.ErrnoException | undefined;
  client.on("error", (error: NodeJS.ErrnoException) => {
    cause = error;
  });
  try {
    await client.connect();
    await client.ping();
    // A replica answers, and takes no sessions. The key goes by itself.
    await client.set("usage-dashboard:doctor", "1", "EX", 5);
    return [ok("Redis answers and takes writes"), ...(await memory(client))];
  } catch (error) {
    return [unusable(cause ?? (error as NodeJS.ErrnoException))];
  } finally {
    client.disconnect();
  }
}

function unusable({ code, message }: NodeJS.ErrnoException): Finding {
  if (/NOAUTH|WRONGPASS|AUTH/.test(message))
    return failure(
      VARIABLE,
      "has no user and password that Redis accepts",
      "set it to redis://user:password@host:port",
    );
  if (/READONLY|NOPERM/.test(message))
    return failure(VARIABLE, "does not let us write", "set it to the primary, with a user who may write");
  return failure(
    VARIABLE,
    code ? reasonFor(code) : "is not answered by a Redis",
    "start Redis there or fix the address (rediss:// for TLS); unset it to run one process without",
  );
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
