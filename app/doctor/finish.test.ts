import { afterEach, expect, it, vi } from "vitest";
import { Unreachable } from "./ask.ts";
import type { Check, Context } from "./check.ts";
import { ok } from "./finding.ts";
import { CHECK_MS, finish } from "./finish.ts";

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
  ["meets nobody", () => raise(new Unreachable("does not answer")), "does not answer"],
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
