import { describe, expect, it } from "vitest";
import { runRules } from "../run/app.ts";
import { AppUnderTest, describeApp } from "../run/app-under-test.ts";
import { AppClient } from "../run/http.ts";
import { Secrets } from "../run/redact.ts";
import { type Decisions, startSignInApp } from "./sign-in-app.ts";

const RULES = ["START-1", "CB-2", "CB-3", "CB-7"];

const broken: Record<string, [Partial<Decisions>, string[]]> = {
  "a GET that starts": [{ startsOnGet: true }, ["START-1"]],
  "any origin believed": [{ sameOrigin: () => true }, ["START-1"]],
  "a missing Origin believed": [
    { sameOrigin: (request, origin) => [null, origin].includes(request.headers.get("origin")) },
    ["START-1"],
  ],
  "a callback without a state believed": [
    { callbackSignsIn: (query) => !query.has("state") && query.has("code") },
    ["CB-2"],
  ],
  "a callback with any state believed": [
    { callbackSignsIn: (query) => query.has("state") && query.has("code") },
    ["CB-3"],
  ],
  "error_description shown": [{ problem: (query) => query.get("error_description") ?? "" }, ["CB-7"]],
};

async function brokenBy(changed: Partial<Decisions>) {
  const { url, close } = await startSignInApp(changed);
  const description = describeApp({
    mode: "deployed",
    url,
    routes: { signIn: "/sign-in", dashboard: "/dashboard", mint: "POST /mint" },
  });
  try {
    const app = new AppUnderTest(description, new AppClient(url), null, null, new Secrets());
    return (await runRules(app, RULES)).rules.flatMap(({ id, result }) => (result === "passed" ? [] : [id]));
  } finally {
    await close();
  }
}

it("finds no fault in the correct one", async () => {
  expect(await brokenBy({})).toEqual([]);
});

describe("a broken sign-in fails exactly the rules it should", () => {
  it.each(Object.entries(broken))("%s", async (_, [changed, expected]) => {
    expect(await brokenBy(changed)).toEqual(expected);
  });
});

it("breaks each of these rules at least once", () => {
  expect(new Set(Object.values(broken).flatMap(([, expected]) => expected))).toEqual(new Set(RULES));
});
