import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { debugLeaksSecrets, nodeDebugLeaksSecrets } from "./debug-output.ts";

/** A callback that a server of Express answers, and a request with a key, as this app makes and takes them. */
const PROGRAM = `
  import express from "express";
  import { Redis } from "ioredis";
  const app = express();
  app.use((request, response) => response.end());
  const server = app.listen(0, "127.0.0.1", async () => {
    const url = "http://127.0.0.1:" + server.address().port;
    await fetch(url + "/auth/github/callback?code=canary-code").catch(() => {});
    const { get } = await import("node:http");
    get(url, { headers: { authorization: "Bearer canary-key" } }, (response) => response.resume());
    const redis = new Redis(1, "127.0.0.1", { lazyConnect: true, retryStrategy: () => null, keyPrefix: "canary-" });
    redis.on("error", () => {});
    await redis.get("canary-key").catch(() => {});
    setTimeout(() => process.exit(), 100);
  });`;

async function printed(env: Record<string, string>): Promise<string> {
  const args = ["--input-type=module", "-e", PROGRAM];
  const { stderr } = await promisify(execFile)(process.execPath, args, {
    env: { ...env, NODE_ENV: "production", CANARY: "canary-environment" },
    maxBuffer: 2 ** 26,
  });
  return stderr;
}

const refused = (env: { DEBUG?: string; NODE_DEBUG?: string }) =>
  debugLeaksSecrets(env.DEBUG) || nodeDebugLeaksSecrets(env.NODE_DEBUG);

/** Node 24 prints less of a request. It is refused on every version, as the configuration outlives the version. */
const httpOfNode20: [{ NODE_DEBUG: string }, string][] = process.versions.node.startsWith("20.")
  ? [[{ NODE_DEBUG: "timer,HTTP" }, "canary-key"]]
  : [];

/** Each case is a process of its own, which costs a second. */
describe.concurrent("what libraries and Node really print", { timeout: 120_000 }, () => {
  it.each([
    [{ DEBUG: "express:*" }, "canary-code"],
    [{ DEBUG: "*,-ioredis:*" }, "canary-code"],
    // Old versions of `debug` read a pattern as a regular expression.
    [{ DEBUG: "e.press:router" }, "canary-code"],
    [{ DEBUG: "ioredis:redis" }, "canary-key"],
    ...httpOfNode20,
    [{ NODE_DEBUG: "fet*" }, "canary-code"],
  ])("%j prints a secret, and is refused", async (env, secret) => {
    expect(await printed(env)).toContain(secret);
    expect(refused(env)).toBe(true);
  });

  it.each([
    { DEBUG: "http:*,app:*,other,-express:*,1,false", NODE_DEBUG: "" },
    { DEBUG: " ", NODE_DEBUG: "cluster, ESM,module,timers,0,false" },
  ])("%j prints no secret, and is accepted", async (env) => {
    expect(await printed(env)).not.toContain("canary");
    expect(refused(env)).toBe(false);
  });
});

describe("DEBUG", () => {
  it.each([
    "*",
    "express:router",
    "expr*",
    "*:router",
    "http|express:router",
    "(express):x",
    "ioredis:*",
    "remix*",
  ])("%s is refused", (pattern) => expect(debugLeaksSecrets(pattern)).toBe(true));

  it("may be unset", () => expect(debugLeaksSecrets(undefined)).toBe(false));

  it("is refused for every namespace of an installed package of the product", () => {
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: Record<string, { dev?: boolean; dependencies?: Record<string, string> }>;
    };
    const users = Object.entries(lock.packages).filter(
      ([path, { dev, dependencies }]) => path !== "" && !dev && dependencies && "debug" in dependencies,
    );
    const namespaces = users.flatMap(([path]) =>
      scripts(path).flatMap((file) => namespacesIn(readFileSync(file, "utf8"))),
    );
    expect(namespaces).toEqual(expect.arrayContaining(["express:router", "send", "GitHubStrategy"]));
    expect(namespaces.filter((namespace) => !debugLeaksSecrets(namespace))).toEqual([]);
  });
});

const scripts = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : scripts(path);
    return /\.[cm]?js$/.test(entry.name) ? [path] : [];
  });

const namespacesIn = (source: string): string[] =>
  [...source.matchAll(/(?:require\(["']debug["']\)|Debug)\(["']([\w:-]+)["']\)/g)].map(
    ([, namespace = ""]) => namespace,
  );

describe("NODE_DEBUG", () => {
  it.each([
    "net",
    "tls",
    "https",
    "http2",
    "stream",
    "child_process",
    "net,timer",
    "timer,HTTP",
    "*",
    "h*",
    "undici",
  ])("%s is refused", (sections) => expect(nodeDebugLeaksSecrets(sections)).toBe(true));
});
