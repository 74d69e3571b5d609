import { afterEach, expect, it, vi } from "vitest";
import { type Check, type Context, type Line, ok } from "./check.ts";
import { Unreachable } from "./http.ts";
import { createRedact, jsonReport, printReport } from "./report.ts";
import { CHECK_MS, finish } from "./run.ts";

const finished = (run: Check["run"]) => finish({ name: "x", blames: ["REDIS_URL"], run }, {} as Context);

afterEach(() => void vi.useRealTimers());

it("answers what was found", async () => {
  expect(await finished(() => [ok("well")])).toEqual([ok("well")]);
});

it("gives up on a check that hangs", async () => {
  vi.useFakeTimers();
  const settled = vi.fn();
  const hanging = finished(() => new Promise(() => {})).then((findings) => {
    settled();
    return findings;
  });
  await vi.advanceTimersByTimeAsync(CHECK_MS - 1);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await hanging).toMatchObject([
    { status: "failure", variables: ["REDIS_URL"], found: "took longer than 10 s to check" },
  ]);
});

it.each<[string, () => never, string]>([
  ["cannot connect", () => raise(new Unreachable("does not answer")), "does not answer"],
  [
    "is broken",
    () => raise(new TypeError("secret text")),
    "could not be checked: the check itself failed (TypeError)",
  ],
])("tells of a check that %s", async (_what, run, found) => {
  expect(await finished(run)).toMatchObject([{ status: "failure", variables: ["REDIS_URL"], found }]);
  expect(await finished(async () => run())).toMatchObject([{ found }]);
});

function raise(error: Error): never {
  throw error;
}

const well: Line = {
  check: "key",
  status: "ok",
  variables: [],
  found: "Ringside accepts the key",
  todo: null,
};
const ill: Line = {
  check: "adapters",
  status: "failure",
  variables: ["A_CLIENT_ID", "A_CLIENT_SECRET"],
  found: "are not accepted",
  todo: "copy both again",
};

it("begins a sentence with the variables, and puts what to do below it", () => {
  expect(printReport([well, ill], { colours: false })).toBe(
    [
      "ok       key       Ringside accepts the key",
      "failure  adapters  A_CLIENT_ID, A_CLIENT_SECRET are not accepted",
      "                   → copy both again",
      "",
      "ok: 1, warnings: 0, failures: 1",
      "",
    ].join("\n"),
  );
});

it("paints the status alone", () => {
  expect(printReport([well], { colours: true })).toContain("\x1b[32mok     \x1b[0m  key");
});

it("removes control characters", () => {
  const text = printReport([{ ...well, found: "at \x1b[2J\r\nhome" }], { colours: false });
  expect(text.split("\n")[0]).toBe("ok       key  at  [2J  home");
});

it("tells programs whether all is well", () => {
  expect(JSON.parse(jsonReport([well]))).toEqual({
    ok: true,
    summary: { ok: 1, warnings: 0, failures: 0 },
    findings: [well],
  });
  expect(JSON.parse(jsonReport([well, ill]))).toMatchObject({ ok: false, summary: { failures: 1 } });
});

const redact = createRedact({
  SESSION_SECRET: "first-secret-canary, second-secret-canary",
  RINGSIDE_API_KEY: "sk_live_canary",
  OIDC_CLIENT_SECRET: "short",
  REDIS_URL: "rediss://user:password-canary@redis.acme.test:6380",
  APP_ORIGIN: "https://usage.acme.test",
});

it.each([
  ["refused sk_live_canary", "refused [redacted]"],
  ["second-secret-canary leaked", "[redacted] leaked"],
  ["first-secret-canary, second-secret-canary", "[redacted]"],
  ["with password-canary", "with [redacted]"],
  ["Client eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjdXNfMSJ9.c2ln", "Client [redacted]"],
])("cuts a secret out of %j", (text, expected) => expect(redact(text)).toBe(expected));

it("leaves what is no secret, and words that a weak one happens to be", () => {
  const text = "https://usage.acme.test is too short for user";
  expect(redact(text)).toBe(text);
});
