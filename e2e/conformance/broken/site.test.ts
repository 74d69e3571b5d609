import { HttpResponse } from "msw";
import { describe, expect, it } from "vitest";
import { rulesOf } from "../rules.ts";
import { runSite } from "../site/outcomes.ts";
import { openSite } from "../site/site.ts";
import { type Decisions, SESSION, startSite } from "./site.ts";

const KEY = "sk_live_3f9d0c71aa";
const JWT = `eyJ${"a".repeat(12)}.eyJ${"b".repeat(12)}.${"c".repeat(12)}`;

const broken: Record<string, [Partial<Decisions>, string[]]> = {
  "the key in the page": [{ page: () => `<script>const key = "${KEY}"</script>` }, ["TOK-1"]],
  "a token in the page": [{ page: () => `<script>const token = "${JWT}"</script>` }, ["TOK-1"]],
  "a GET that starts": [{ startsOnGet: true }, ["START-1"]],
  "any origin believed": [{ sameOrigin: () => true }, ["START-1", "MINT-2"]],
  "a missing Origin believed": [
    { sameOrigin: (request, origin) => [null, origin].includes(request.headers.get("origin")) },
    ["START-1", "MINT-2"],
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
  "a dashboard that is open": [{ dashboardIsOpen: true }, ["SES-3"]],
  "any session believed": [{ isSession: (value) => value !== undefined }, ["SES-4"]],
  "a redirect for a script": [
    { refuseSignedOut: () => new HttpResponse(null, { status: 302, headers: { location: "/sign-in" } }) },
    ["MINT-1", "SES-4"],
  ],
  "a mint that is open to all": [
    { mintHeaders: { "cache-control": "no-store", "access-control-allow-origin": "*" } },
    ["MINT-1", "MINT-2", "MINT-3", "SES-4"],
  ],
  "a token for whoever the body names": [{ mintBody: (wish, sound) => ({ ...sound, ...wish }) }, ["MINT-4"]],
  "a token without origin": [{ mintBody: (_, { origin: __, ...rest }) => rest }, ["MINT-4"]],
  "a token for every endpoint": [{ mintBody: (_, { allowed_endpoints: __, ...rest }) => rest }, ["MINT-4"]],
  "no token": [{ mintAnswer: () => ({}) }, ["MINT-7"]],
  "a mint that is kept": [{ mintHeaders: {} }, ["MINT-1", "MINT-2", "MINT-3", "SES-4"]],
};

async function brokenBy(changed: Partial<Decisions>) {
  const { url, mints, close } = await startSite(changed);
  try {
    const outcomes = await runSite(await openSite(url, { session: SESSION, mints: async () => mints }));
    return Object.fromEntries(
      [...outcomes].flatMap(([id, outcome]) =>
        "fault" in outcome && outcome.fault ? [[id, outcome.fault]] : [],
      ),
    );
  } finally {
    await close();
  }
}

it("finds no fault in a sound site", async () => {
  expect(await brokenBy({})).toEqual({});
});

describe("a broken site fails exactly the rules it should", () => {
  it.each(Object.entries(broken))("%s", async (_, [changed, expected]) => {
    const faults = await brokenBy(changed);
    expect(Object.keys(faults).sort(), JSON.stringify(faults, null, 2)).toEqual([...expected].sort());
  });
});

it("leaves no rule of the site layer that nothing breaks", () => {
  const seen = Object.values(broken).flatMap(([, expected]) => expected);
  expect(rulesOf("site").flatMap(({ id }) => (seen.includes(id) ? [] : [id]))).toEqual([]);
});
