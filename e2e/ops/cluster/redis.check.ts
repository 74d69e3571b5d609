/** Real Redis servers that fail over, refuse writes, or are a Cluster: what the app does, says and logs. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { promisify } from "node:util";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "./clients.ts";
import {
  asOperator,
  directoryFor,
  portAt,
  redisUrlAt,
  secrets,
  sentinelUrl,
  startApp,
  startRedisAt,
  startSentinels,
} from "./deployment.ts";
import { answers, type Program, until } from "./programs.ts";

const linesOf = (app: Program, event: string) =>
  app
    .output()
    .split("\n")
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line) as { cause?: string; detail?: string });

const startProcess = (port: number, url: string, readyAt = "/readyz") =>
  startApp(port, `http://localhost:${port}`, { REDIS_URL: url }, process.cwd(), readyAt);

const browserAt = (port: number) => new Browser({ origin: `http://localhost:${port}` });
const signsIn = async (port: number) => (await browserAt(port).signIn("grace")).url.endsWith("/dashboard");

describe("a primary behind Sentinels", () => {
  const [PRIMARY, REPLICA, SENTINELS] = [portAt(21), portAt(22), [portAt(23), portAt(24), portAt(25)]];
  const PORT = portAt(13);
  const directories = ["primary", "replica", "sentinels"].map(directoryFor);
  const [primaryDirectory = "", replicaDirectory = "", sentinelDirectory = ""] = directories;
  let primary: Program;
  const others: Program[] = [];
  let app: Program;

  beforeAll(async () => {
    primary = await startRedisAt(PRIMARY, primaryDirectory);
    others.push(await startRedisAt(REPLICA, replicaDirectory, "--replicaof", `127.0.0.1 ${PRIMARY}`));
    others.push(...(await startSentinels(sentinelDirectory, SENTINELS, PRIMARY)));
    app = await startProcess(PORT, sentinelUrl(SENTINELS));
    await until("the Sentinels know the replica and each other", () => isWatched(SENTINELS));
  });
  afterAll(async () => {
    await Promise.all([app, primary, ...others].map((program) => program?.kill()));
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  it("is killed: users stay signed in, and sign-ins resume within 15 s", async () => {
    const ada = browserAt(PORT);
    await ada.signIn("ada");
    await asOperator(PRIMARY, (client) => client.wait(1, 5_000));
    await primary.kill();
    const killed = Date.now();

    const seen = new Set<number>();
    await until("sign-ins resume", async () => {
      seen.add((await ada.mint()).status);
      return signsIn(PORT);
    });
    expect(Date.now() - killed).toBeLessThan(15_000);
    // 401 would tell an open page that its session has ended.
    expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(seen).toContain(503);
    expect((await ada.mint()).status).toBe(200);
    expect(await answers(`http://127.0.0.1:${PORT}/readyz`)).toBe(true);

    await until("the end is logged", async () => linesOf(app, "redis_back").length > 0);
    expect(linesOf(app, "redis_away")).toHaveLength(1);
    for (const secret of secrets) expect(app.output()).not.toContain(secret);
  });
});

/** Each of them sees the replica and the other two: a failover needs both. */
async function isWatched(ports: number[]): Promise<boolean> {
  const { Redis } = await import("ioredis");
  for (const port of ports) {
    const password = /sentinelPassword=(.*)$/.exec(sentinelUrl(ports))?.[1] ?? "";
    const client = new Redis({ port, host: "127.0.0.1", password, enableReadyCheck: false });
    const info = await client.info("sentinel").finally(() => client.disconnect());
    if (!/status=ok,address=.*,slaves=1,sentinels=3/.test(info)) return false;
  }
  return true;
}

describe("a single address", () => {
  const [FIRST, SECOND, ADDRESS] = [portAt(28), portAt(29), portAt(26)];
  const PORT = portAt(14);
  const directories = ["first", "second"].map(directoryFor);
  const running: Program[] = [];
  let app: Program;
  let target = FIRST;
  let relay: Server;

  beforeAll(async () => {
    for (const [nth, port] of [FIRST, SECOND].entries())
      running.push(await startRedisAt(port, directories[nth] ?? ""));
    // As a TCP proxy or a moved IP address does: new connections go to the new primary, open ones stay where they are.
    relay = createServer((client) => {
      const server = connect(target, "127.0.0.1");
      client.pipe(server).pipe(client);
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const)
        socket.on("error", () => other.destroy()).on("close", () => other.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(ADDRESS, "127.0.0.1", resolve));
    app = await startProcess(PORT, redisUrlAt(ADDRESS));
  });
  afterAll(async () => {
    await Promise.all([app, ...running].map((program) => program?.kill()));
    relay.close();
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  const isReady = () => answers(`http://127.0.0.1:${PORT}/readyz`);
  const isNotReady = async () => !(await isReady());

  type Act = (client: Redis) => Promise<unknown>;
  const refusals: [cause: string, refuse: Act, allow: Act][] = [
    [
      "out_of_memory",
      (client) => client.config("SET", "maxmemory", "1"),
      (client) => client.config("SET", "maxmemory", "0"),
    ],
    [
      "writes_refused",
      (client) => client.config("SET", "min-replicas-to-write", "1"),
      (client) => client.config("SET", "min-replicas-to-write", "0"),
    ],
    [
      "auth_failed",
      async (client) => {
        await client.config("SET", "requirepass", "rotated-canary");
        // Connections that were made with the old password stay, until something ends them.
        await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      },
      (client) => client.config("SET", "requirepass", new URL(redisUrlAt(ADDRESS)).password),
    ],
  ];

  it.each(refusals)(
    "with a Redis that refuses writes (%s) is not ready until it takes them, and the cause is logged once",
    async (cause, refuse, allow) => {
      const before = linesOf(app, "redis_away").length;
      const backBefore = linesOf(app, "redis_back").length;
      await asOperator(FIRST, async (client) => {
        await refuse(client);
        await until("not ready", isNotReady);
        await until("the cause is logged", async () => linesOf(app, "redis_away").length > before);
        for (let nth = 0; nth < 5; nth++) expect(await isReady()).toBe(false);
        expect(await signsIn(PORT)).toBe(false);
        await allow(client);
      });
      await until("ready", isReady);
      await until("the end is logged", async () => linesOf(app, "redis_back").length > backBefore);
      expect(await signsIn(PORT)).toBe(true);
      expect(linesOf(app, "redis_away").slice(before)).toEqual([expect.objectContaining({ cause })]);
    },
  );

  it("leads to a demoted primary (READONLY) on an open connection: not ready, then connected to the new primary", async () => {
    const ada = browserAt(PORT);
    await ada.signIn("ada");
    await asOperator(SECOND, (client) => client.replicaof("127.0.0.1", String(FIRST)));
    await until("the replica has the session", () =>
      asOperator(SECOND, async (client) => (await client.keys("*session:*")).length > 0),
    );
    const before = linesOf(app, "redis_away").length;
    await asOperator(SECOND, (client) => client.replicaof("NO", "ONE"));
    await asOperator(FIRST, (client) => client.replicaof("127.0.0.1", String(SECOND)));

    await until("not ready", isNotReady);
    expect(await signsIn(PORT)).toBe(false);
    for (let nth = 0; nth < 3; nth++) expect(await isReady()).toBe(false);
    target = SECOND;
    await until("ready", isReady);
    expect(await signsIn(PORT)).toBe(true);
    expect((await ada.mint()).status).toBe(200);
    expect(linesOf(app, "redis_away").slice(before)).toEqual([
      expect.objectContaining({ cause: "read_only" }),
    ]);
  });

  it("has a cause in the log that holds no secret", () => {
    for (const secret of [...secrets, "rotated-canary"]) expect(app.output()).not.toContain(secret);
  });
});

describe("a Redis Cluster", () => {
  const [NODE, PORT] = [portAt(27), portAt(15)];
  const directory = directoryFor("node");
  let node: Program | undefined;
  let app: Program | undefined;
  afterAll(async () => {
    await Promise.all([app, node].map((program) => program?.kill()));
    rmSync(directory, { recursive: true });
  });
  const startNode = async () => {
    node = await startRedisAt(NODE, directory, "--cluster-enabled", "yes");
    // Every slot: a write succeeds, as it does for some of the users of a larger Cluster.
    await asOperator(NODE, (client) => client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383"));
    await until("the Cluster is up", () =>
      asOperator(NODE, async (client) =>
        /cluster_state:ok/.test(String(await client.call("CLUSTER", "INFO"))),
      ),
    );
  };

  it("that appears after the start is never ready, and its name is in the log", async () => {
    app = await startProcess(PORT, redisUrlAt(NODE), "/healthz");
    await until("the outage is logged", async () => linesOf(app as Program, "redis_away").length > 0);
    await startNode();
    await until("the Cluster is noticed", async () =>
      /"not_ready".*"cause":"cluster"/.test(await askedReady()),
    );
    expect(linesOf(app, "redis_back")).toEqual([]);
    await app.kill();
  });

  /** What the log holds after readiness was asked for. */
  async function askedReady(): Promise<string> {
    expect(await answers(`http://127.0.0.1:${PORT}/readyz`)).toBe(false);
    return app?.output() ?? "";
  }

  it("is refused by name at boot", async () => {
    await expect(startProcess(PORT, redisUrlAt(NODE))).rejects.toThrow(
      /ended:[\s\S]*REDIS_URL leads to a Redis Cluster/,
    );
  });

  it("is refused by name by the doctor", async () => {
    const env = { NODE_ENV: "production" as const, REDIS_URL: redisUrlAt(NODE) };
    const { stdout } = await promisify(execFile)(process.execPath, ["doctor.mjs", "--json"], { env }).catch(
      (error: { stdout: string }) => error,
    );
    const { findings } = JSON.parse(stdout) as {
      findings: { check: string; status: string; found: string }[];
    };
    expect(findings.filter(({ check }) => check === "redis")).toEqual([
      expect.objectContaining({
        status: "failure",
        found: expect.stringContaining("leads to a Redis Cluster"),
      }),
    ]);
  });
});
