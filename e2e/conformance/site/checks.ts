/** The rules that plain requests can prove, on any deployment, without an account at its provider. */
import assert from "node:assert/strict";
import type { Answered, Site } from "./site.ts";

export type SiteCheck = (site: Site) => Promise<void>;

const MINT = "/api/mint-client-token";
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

function assertPrivate({ headers }: Answered) {
  assert.match(headers.get("cache-control") ?? "", /no-store/);
  const open = [...headers.keys()].filter((name) => name.startsWith("access-control-allow"));
  assert.deepEqual(open, [], "another origin may read it");
}

async function assertNoToken(site: Site, headers: Record<string, string>) {
  const answer = await site.send("POST", MINT, headers, "{}");
  assert.ok([401, 403].includes(answer.status), `${JSON.stringify(headers)} answered ${answer.status}`);
  assert.doesNotMatch(answer.text, /"token"/);
  assertPrivate(answer);
  return answer;
}

/** The page and all scripts and styles that it names. */
async function everythingOn(site: Site, path: string): Promise<string[]> {
  const { text } = await site.get(path, site.session === null ? {} : { cookie: site.session });
  const names = [...text.matchAll(/["'](\/[^"'\s]+\.(?:js|css))["']/g)].map(([, name = ""]) => name);
  const files = await Promise.all([...new Set(names)].map((name) => site.get(name)));
  return [text, ...files.map((file) => file.text)];
}

/** Rules that need a way to leave; the others hold for every app. */
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

export const appChecks: Readonly<Record<string, SiteCheck>> = {
  "SES-3": async (site) => {
    const { status, location, text } = await site.get("/dashboard");
    assert.ok(status >= 300 && status < 400, `the dashboard answered ${status}`);
    assert.equal(location?.pathname, "/sign-in");
    assert.doesNotMatch(text, /\$\d/);
  },
  "SES-4": async (site) => {
    const planted = ["eyJhbGciOiJub25lIn0.e30.", '{"userId":"1"}', "1"];
    const changed = site.session?.replace(/.{4}(?=;|$)/g, "AAAA");
    for (const value of planted)
      for (const name of ["__Host-session", "session"]) {
        const cookie = `${name}=${encodeURIComponent(value)}`;
        assert.equal((await assertNoToken(site, { origin: site.origin, cookie })).status, 401);
      }
    if (changed)
      assert.equal((await assertNoToken(site, { origin: site.origin, cookie: changed })).status, 401);
  },
  "MINT-1": async (site) => {
    const { status, headers } = await assertNoToken(site, { origin: site.origin });
    assert.equal(status, 401);
    assert.match(headers.get("content-type") ?? "", /json/);
  },
  "MINT-2": async (site) => {
    const cookie: Record<string, string> = site.session === null ? {} : { cookie: site.session };
    for (const headers of [
      { origin: EVIL },
      { origin: "null" },
      {},
      { origin: site.origin, "sec-fetch-site": "same-site" },
    ])
      await assertNoToken(site, { ...cookie, ...(headers as Record<string, string>) });
    const { status, text } = await site.get(MINT, cookie);
    assert.ok(status >= 400, `GET answered ${status}`);
    assert.doesNotMatch(text, /"token"/);
  },
  "MINT-3": async (site) => {
    assertPrivate(await site.send("POST", MINT, { origin: site.origin }, "{}"));
    const asked = { origin: EVIL, "access-control-request-method": "POST" };
    const { headers } = await site.send("OPTIONS", MINT, asked);
    assert.equal(headers.get("access-control-allow-origin"), null);
    if (site.session !== null)
      assertPrivate(await site.send("POST", MINT, { origin: site.origin, cookie: site.session }, "{}"));
  },
  "TOK-1": async (site) => {
    const pages = [...(await everythingOn(site, "/sign-in")), ...(await everythingOn(site, "/dashboard"))];
    for (const page of pages) {
      // A Client Token or session is a JWT; a server key starts with what kind of key it is.
      assert.doesNotMatch(page, /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/, "a token is in a page");
      assert.doesNotMatch(page, /\bsk_(live|test)_\w{8,}/, "a server key is in a page");
      for (const secret of site.secrets) assert.ok(!page.includes(secret), "a secret is in a page");
    }
  },
};

/** The checks for a site, each with the reason when it does not apply. */
export function siteChecks({ adapterId }: Pick<Site, "adapterId">) {
  const why = adapterId === null ? "needs redirect: the sign-in page sends nobody anywhere" : null;
  return [
    ...Object.entries(signInChecks).map(([id, check]) => ({ id, check, notApplicable: why })),
    ...Object.entries(appChecks).map(([id, check]) => ({ id, check, notApplicable: null })),
  ];
}

/** What broke each rule, by its id; null for those that were kept. Rules that do not apply are left out. */
export async function runSite(site: Site): Promise<Map<string, string | null>> {
  const outcomes = new Map<string, string | null>();
  for (const { id, check, notApplicable } of siteChecks(site)) {
    if (notApplicable !== null) continue;
    const fault = await check(site).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    outcomes.set(id, fault);
  }
  return outcomes;
}
