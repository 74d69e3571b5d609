/** MINT, SES-4: who gets a token, and whose. */
import assert from "node:assert/strict";
import type { Answered, Site, SiteCheck } from "./site.ts";

const MINT = "/api/mint-client-token";
const EVIL = "https://evil.example";

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

/** What somebody may wish for in the body of a mint. */
const wishes = [
  { customer: "cus_other" },
  { external_id: "somebody-else", origin: EVIL, allowed_endpoints: ["/v1/customers"], ttl_seconds: 86_400 },
];

const mint = (site: Site, body: string) =>
  site.send(
    "POST",
    MINT,
    { origin: site.origin, "content-type": "application/json", cookie: site.session ?? "" },
    body,
  );

/** For everybody else. */
export const mintChecks: Readonly<Record<string, SiteCheck>> = {
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
};

/** For somebody who is signed in. */
export const sessionChecks: Readonly<Record<string, SiteCheck>> = {
  "MINT-4": async (site) => {
    const mints = async () => (await site.mints?.()) ?? [];
    const before = (await mints()).length;
    await mint(site, "{}");
    const [own] = (await mints()).slice(before);
    const customer = own?.["customer"];
    assert.match(String(customer), /\S/, "Ringside was asked for no Customer's token");
    for (const wish of wishes) await mint(site, JSON.stringify(wish));
    for (const body of (await mints()).slice(before)) {
      assert.equal(body["origin"], site.origin);
      assert.equal(body["customer"], customer, "the body chose another Customer");
      assert.equal(body["external_id"], undefined, "the body chose another external_id");
      assert.deepEqual(body["allowed_endpoints"], [`/v1/customers/${customer}`, "/v1/usage"]);
      assert.ok(Number(body["ttl_seconds"]) <= 900, "the body chose a longer life");
    }
  },
  "MINT-7": async (site) => {
    const { status, text } = await mint(site, "{}");
    assert.equal(status, 200);
    const { token, expires_at } = JSON.parse(text) as Record<string, unknown>;
    assert.equal(typeof token, "string");
    assert.ok(expires_at !== undefined, "expires_at is missing");
  },
};
