import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { redisUrl } from "#app/config/redis-url.server.ts";
import { causeOf, connectionFailure, isCluster } from "./redis-connection.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** @param reply what each connection is sent; undefined closes it. @returns the port */
async function listen(reply: string | undefined): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (reply === undefined) socket.destroy();
    else socket.write(reply);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

const causeAt = async (url: string) => causeOf(await connectionFailure(redisUrl.parse(url), 300));

describe.each([
  ["redis", "rediss", ""],
  ["redis-sentinel", "rediss-sentinel", "/primary"],
])("a failure to connect by %s://", (scheme, withTls, path) => {
  it("is a name that does not resolve", async () => {
    expect(await causeAt(`${scheme}://redis.invalid:1${path}`)).toBe("name_not_found");
  });
  it("is a refused connection", async () => {
    expect(await causeAt(`${scheme}://127.0.0.1:1${path}`)).toBe("refused");
  });
  it("is silence", async () => {
    expect(await causeAt(`${scheme}://127.0.0.1:${await listen("")}${path}`)).toBe("timeout");
  });
  it("is a closed connection", async () => {
    expect(await causeAt(`${scheme}://127.0.0.1:${await listen(undefined)}${path}`)).toBe("closed");
  });
  it("is a server without TLS", async () => {
    expect(await causeAt(`${withTls}://127.0.0.1:${await listen("-ERR unknown\r\n")}${path}`)).toBe("tls");
  });
  it("is a server that is no Redis", async () => {
    expect(
      await causeAt(`${scheme}://127.0.0.1:${await listen("HTTP/1.1 400 Bad Request\r\n\r\n")}${path}`),
    ).toBe("not_redis");
  });
});

describe("an error reply", () => {
  it.each([
    ["READONLY You can't write against a read only replica.", "read_only"],
    ["ERR Error running script: @user_script:1: -READONLY You can't write", "read_only"],
    ["LOADING Redis is loading the dataset in memory", "loading"],
    ["MASTERDOWN Link with MASTER is down", "loading"],
    [
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist",
      "writes_refused",
    ],
    ["NOREPLICAS Not enough good replicas to write.", "writes_refused"],
    ["OOM command not allowed when used memory > 'maxmemory'.", "out_of_memory"],
    ["NOAUTH Authentication required.", "auth_failed"],
    ["WRONGPASS invalid username-password pair or user is disabled.", "auth_failed"],
    ["ERR invalid password", "auth_failed"],
    ["NOPERM this user has no permissions to run the 'set' command", "no_permission"],
    ["MOVED 3999 127.0.0.1:6381", "cluster"],
    ["CLUSTERDOWN Hash slot not served", "cluster"],
    ["ERR DB index is out of range", "wrong_database"],
    ["WRONGTYPE Operation against a key holding the wrong kind of value", "unknown"],
  ])("%s", (message, cause) => expect(causeOf(new Error(message))).toBe(cause));
});

it("tells a Cluster's node by INFO", () => {
  expect(isCluster("# Cluster\r\ncluster_enabled:1\r\n")).toBe(true);
  expect(isCluster("# Cluster\r\ncluster_enabled:0\r\n")).toBe(false);
  expect(isCluster("")).toBe(false);
});
