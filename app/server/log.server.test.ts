import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog, withRequestContext } from "./log.server.ts";

const environment = {
  RINGSIDE_API_KEY: "sk_live_canary_0001",
  SESSION_SECRET: 'first "canary" \\ 0002, second-canary-0003',
  GITHUB_CLIENT_SECRET: "canary-secret-0004",
  REDIS_URL: "redis://usage:canary-0005@redis.internal:6379/0",
  LOG_LEVEL: "debug",
};

function logging(env: Record<string, string> = environment) {
  const lines: string[] = [];
  const log = createLog(env, { write: (line) => lines.push(line) });
  return { log, lines, text: () => lines.join("") };
}

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl-canary";
const JWE = "eyJhbGciOiJkaXIifQ..aXYtY2FuYXJ5.Y2lwaGVydGV4dA.dGFnLWNhbmFyeQ";

describe("the log", () => {
  it.each([
    ["a key", "refused sk_live_canary_0001 today"],
    ["a session secret with quotes in it", 'it was first "canary" \\ 0002'],
    ["an old session secret", "second-canary-0003"],
    ["a client secret", "Basic auth with canary-secret-0004 failed"],
    ["a password in an address", `connect ${environment.REDIS_URL} failed`],
    ["a code and a state", "Invalid URL: /auth/github/callback?code=canary-0006&state=canary-0007"],
    ["a percent-encoded code", "returnTo=%2Fcallback%3Fcode%3Dcanary-0008%26x"],
    ["a Client Token", `authorization: Client ${JWT}`],
    ["an opaque token", "Authorization: Bearer canary-0009"],
    ["a bare JWT", `unexpected ${JWT}`],
    ["a session cookie", `cookie: theme=dark; __Host-session=${JWE}; __Host-flow-abc=canary-0010`],
    ["an external_id", "Failed to parse URL from http://127.0.0.1/v1/customers/ext:auth0%7Ccanary"],
  ])("never holds %s, wherever it turns up", (_what, text) => {
    const { log, text: written } = logging();
    log.error({
      event: "request_failed",
      detail: text,
      stack: `Error: ${text}\n    at x`,
      nested: [{ text }],
    });
    log.warn(text);
    expect(written()).not.toMatch(/canary|Y2FuYXJ5/);
    for (const line of written().trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });

  it.each([
    "eyJ-",
    "eyJa.",
    "flow-",
    "a.",
    "a://",
    "x@",
    "Bearer ",
    "code=",
    "ext:",
    "session=",
    "1.1.1.1, ",
  ])("takes time in proportion to its length, not to its square: %s", (piece) => {
    const { log } = logging();
    const cpuOf = (length: number) => {
      const detail = piece.repeat(length / piece.length);
      let least = Number.POSITIVE_INFINITY;
      for (let attempt = 0; attempt < 8; attempt++) {
        const before = process.cpuUsage();
        log.info({ detail });
        const { user, system } = process.cpuUsage(before);
        least = Math.min(least, user + system);
      }
      return least;
    };
    // Eight times the length: about 8 times the time, where a quadratic rule takes 64 times.
    expect(cpuOf(200_000) / Math.max(cpuOf(25_000), 100)).toBeLessThan(25);
  });

  it("keeps what an operator needs", () => {
    const { log, lines } = logging();
    const facts = {
      event: "mint_failed",
      path: "/auth/github/callback",
      detail: "unavailable: GET /customers/ext:…: no answer in 5000 ms",
      code: "invalid_state",
      ms: 12,
    };
    log.info(facts);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject(facts);
  });

  it("stays JSON whatever is logged", () => {
    const { log, lines } = logging();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (detail) => {
        lines.length = 0;
        log.info({ detail: `state=${detail}` });
        expect(() => JSON.parse(lines[0] ?? "")).not.toThrow();
      }),
    );
  });

  it("names the request a line belongs to", () => {
    const { log, lines } = logging();
    withRequestContext({ id: "r-1", address: "203.0.113.9" }, () => log.info({ event: "x" }));
    log.info({ event: "y" });
    expect(lines.map((line) => JSON.parse(line).request)).toEqual(["r-1", undefined]);
  });

  it("goes on at info when its level is none", () => {
    const { log, lines } = logging({ LOG_LEVEL: "verbose" });
    log.info("here");
    log.debug("not here");
    expect(lines).toHaveLength(1);
  });
});
