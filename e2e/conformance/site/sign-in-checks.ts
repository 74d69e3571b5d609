/** START, CB: what an address can do to somebody who follows it. */
import assert from "node:assert/strict";
import type { Answered, Site, SiteCheck } from "./site.ts";

const EVIL = "https://evil.example";
const SCAM = "Call 555-0100 and read out your password";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

const setCookies = ({ headers }: Answered) =>
  headers.getSetCookie().filter((cookie) => !/max-age=0/i.test(cookie));

/** The answer signs nobody in, leaves the site for nowhere, and says nothing of what the address said. */
async function assertRefused(site: Site, path: string) {
  const answer = await site.get(path);
  assert.ok(answer.status < 500, `${path} answered ${answer.status}`);
  assert.deepEqual(setCookies(answer), [], "a cookie was set");
  assert.ok(
    answer.location === null || answer.location.origin === site.origin,
    `it leads to ${answer.location}`,
  );
  assert.doesNotMatch(answer.location?.pathname ?? "", /dashboard/);
  const page = answer.location ? await site.get(answer.location.pathname + answer.location.search) : answer;
  for (const text of [answer.text, answer.location?.search ?? "", page.text])
    assert.doesNotMatch(text, /555-0100/);
}

const callback = (site: Site, query: Record<string, string>) =>
  `/auth/${site.adapterId}/callback?${new URLSearchParams(query)}`;

export const signInChecks: Readonly<Record<string, SiteCheck>> = {
  "START-1": async (site) => {
    const path = `/auth/${site.adapterId}`;
    const attempts = [
      await site.get(path),
      await site.send("POST", path, { ...FORM, origin: EVIL }, ""),
      await site.send("POST", path, FORM, ""),
      await site.send("POST", path, { ...FORM, origin: site.origin, "sec-fetch-site": "cross-site" }, ""),
    ];
    for (const answer of attempts) {
      assert.deepEqual(setCookies(answer), [], "an attempt was begun");
      assert.ok(
        answer.location === null || answer.location.pathname === "/sign-in",
        `it leads to ${answer.location}`,
      );
    }
  },
  "CB-2": (site) => assertRefused(site, callback(site, { code: "x" })),
  "CB-3": (site) => assertRefused(site, callback(site, { code: "x", state: "w".repeat(43) })),
  "CB-7": async (site) => {
    const scam = { error: "access_denied", error_description: SCAM };
    await assertRefused(site, callback(site, scam));
    await assertRefused(site, callback(site, { ...scam, error: SCAM, state: "w".repeat(43) }));
  },
};
