/** MINT: the app's own endpoint for Client Tokens. */
import { type AppUnderTest, claimsOf, holdsToken, tokenOf, type Visit } from "../run/app-under-test.ts";
import { CookieJar, type Reply } from "../run/http.ts";
import { demand, requires } from "../run/outcome.ts";
import { holdsKey } from "../run/redact.ts";
import { type Entry, isMint } from "../run/ringside.ts";
import type { Rule } from "./define.ts";

const EVIL = "https://evil.example";

/** Headers that let pages of another origin read the answer, or shared caches store it. */
function assertPrivate({ headers }: Reply, what: string) {
  const origin = headers.get("access-control-allow-origin");
  demand(
    origin === null || (origin !== "*" && origin !== EVIL),
    `${what} may be read by pages of other origins`,
  );
  const cache = headers.get("cache-control") ?? "";
  const shared =
    /\bpublic\b|s-maxage=[1-9]/i.test(cache) || /\bmax-age=[1-9]/i.test(cache.replace(/s-maxage/gi, ""));
  demand(
    !shared || /no-store|private/i.test(cache),
    `${what} may be stored by shared caches (cache-control: ${cache})`,
  );
}

/** Whether Ringside was asked for a token while this ran. */
async function mintsDuring(app: AppUnderTest, run: () => Promise<Reply>) {
  const since = (await app.ringside?.mark()) ?? 0;
  const reply = await run();
  const received = ((await app.ringside?.received(since)) ?? []).filter(isMint);
  return { reply, received };
}

/** Ways to name another person in a request, each with what Ringside received for it. */
const requestsThatNameAnother = (app: AppUnderTest) =>
  app.once("name another", async () => {
    const [own, other] = [app.first(), app.second()];
    const { person } = own;
    const names = hintsOf(other);
    const query = new URLSearchParams(names).toString();
    const wide = { origin: EVIL, allowed_endpoints: ["/v1/customers"], ttl_seconds: 3_600, ttl: 3_600 };
    const headers = Object.fromEntries(
      Object.entries(names).map(([name, value]) => [
        `x-${name.replaceAll("_", "-").toLowerCase()}`,
        encodeURIComponent(value),
      ]),
    );
    // A parser for one format may refuse, or crash on, the other.
    const usual = app.mintHeaders(person)["content-type"] ?? "";
    const form = { body: query, headers: { "content-type": "application/x-www-form-urlencoded" } };
    const json = { body: JSON.stringify({ ...jsonIn(app.mintBody(person)), ...names, ...wide }) };
    const ways: [string, Parameters<AppUnderTest["mint"]>[1]][] = [
      ...(app.mintMethod === "GET"
        ? []
        : [["the body", usual.includes("form") ? form : json] as [string, object]]),
      ["the query", { query }],
      ["a header", { headers }],
    ];
    const results = [];
    for (const [way, options] of ways) {
      const since = await app.staged().mark();
      const reply = await app.mint(person, options);
      results.push({ way, reply, entries: await app.staged().received(since) });
    }
    const since = await app.staged().mark();
    const path = new URL(app.routes.dashboard, app.origin);
    for (const [name, value] of Object.entries(names)) path.searchParams.set(name, value);
    const reply = await app.client.send("GET", path.pathname + path.search, {
      jar: person.jar.copy(),
      follow: true,
    });
    results.push({ way: "the dashboard's query", reply, entries: await app.staged().received(since) });
    return results;
  });

function jsonIn(body = "{}"): object {
  try {
    const value: unknown = JSON.parse(body);
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

function hintsOf({ person, externalId, customer }: Visit): Record<string, string> {
  const id = externalId ?? person.name;
  return {
    customer: customer ?? id,
    customerId: customer ?? id,
    customer_id: customer ?? id,
    externalId: id,
    external_id: id,
    user: id,
    userId: id,
    user_id: id,
    uid: id,
    sub: id,
    id,
  };
}

const names = (entry: Entry, { externalId, customer }: Visit) =>
  (externalId !== null && entry.external_id === externalId) ||
  (customer !== null && entry.customer === customer);

const mintsSoFar = async (app: AppUnderTest) => {
  app.first();
  const mints = await app.mints();
  requires(mints.length > 0, "Ringside was asked for no token");
  return mints;
};

export const mintRules: Rule[] = [
  {
    id: "MINT-7",
    sentence: "signed in, the mint answers a token and when it expires",
    catches: "a deployment whose key, origin or Customer Ringside refuses",
    app: {
      profile: "tutorial",
      fix: "pass Ringside's answer through: JSON with token and expires_at, status 200 or 201",
      async check(app) {
        requires(app.visits.length > 0, "needs a signed-in person: add `people`, or --state");
        for (const { person, mint } of app.visits) {
          demand(
            mint.status >= 200 && mint.status < 300,
            `the mint answered ${person.name} with ${mint.status}`,
          );
          demand(tokenOf(mint), "the answer is no JSON object with a token");
          const { expires_at: expiresAt } = mint.json as Record<string, unknown>;
          demand(expiresAt !== undefined && expiresAt !== null, "the answer does not say expires_at");
          demand(claimsOf(tokenOf(mint)), "the token is no JWT");
          if (app.ringside) demand(await app.issued(mint), "Ringside did not issue that token");
        }
      },
    },
  },
  {
    id: "MINT-1",
    sentence: "signed out, the mint gives no token and asks Ringside for none",
    catches: "a token for every visitor",
    app: {
      profile: "tutorial",
      fix: "check the session before anything else in the mint route, and answer 401 as JSON",
      async check(app) {
        const template = app.visits[0] ? app.mintHeaders(app.first().person) : {};
        const { authorization: _session, ...headers } = template;
        const { reply, received } = await mintsDuring(app, () =>
          app.mint(null, { headers, jar: new CookieJar() }),
        );
        demand(!holdsToken(reply.text) && !tokenOf(reply), "it answered with a token");
        demand(received.length === 0, "Ringside was asked for a token");
        demand(reply.status >= 300 && reply.status < 500, `it answered ${reply.status}`);
        if (app.visits.length === 0) demand(reply.status !== 404, "there is no mint at this address (404)");
        else app.first();
        app.full(reply.status === 401, `it answered ${reply.status}; scripts expect 401, not a redirect`);
        app.full(/json/.test(reply.headers.get("content-type") ?? ""), "its refusal is no JSON");
      },
    },
  },
  {
    id: "MINT-2",
    sentence: "no other site can mint with its visitor's cookies, and no link mints",
    catches: "a hostile page that mints with its reader's cookies",
    app: {
      profile: "tutorial",
      fix: "compare the Origin header with your own origin, take POST alone, and keep the cookie SameSite=Lax",
      async check(app) {
        const signedIn = app.visits[0] ? app.first() : null;
        const jar = signedIn?.person.jar ?? new CookieJar();
        const crossSite = jar.cookies.filter(({ sameSite }) => sameSite === "None");
        // A browser adds the cookie to another site's POST only with SameSite=None.
        const headers = app.visits[0] ? app.mintHeaders(app.visits[0].person) : {};
        const custom = Object.fromEntries(
          Object.keys(headers)
            .filter((name) => /^(x-|auth)/.test(name))
            .map((name) => [name, ""]),
        );
        for (const [origin, what] of [
          [EVIL, "another origin"],
          ["null", "a sandboxed page"],
          [undefined, "no Origin"],
        ] as const) {
          const from = (who: CookieJar) =>
            app.client.send(app.mintMethod, mintPath(app), {
              jar: who.copy(),
              headers: { ...(origin !== undefined && { origin, "sec-fetch-site": "cross-site" }), ...custom },
              body: app.mintMethod === "GET" ? undefined : "{}",
            });
          const { reply } = await mintsDuring(app, () => from(jar));
          if (signedIn && crossSite.length > 0)
            demand(!holdsToken(reply.text), `${what} is given a token, and the cookie is SameSite=None`);
          app.full(!holdsToken(reply.text), `a POST with ${what} is given a token`);
          app.full(
            signedIn || [401, 403].includes(reply.status),
            `a POST with ${what} is answered ${reply.status}`,
          );
        }
        if (signedIn) {
          app.full(
            !tokenOf(await app.mint(signedIn.person, { headers: { "sec-fetch-site": "same-site" } })),
            "a POST from a sibling subdomain is given a token",
          );
        }
        if (app.mintMethod === "GET") return;
        const { reply, received } = await mintsDuring(app, () =>
          app.mint(signedIn?.person ?? null, { method: "GET" }),
        );
        demand(!holdsToken(reply.text) && received.length === 0, "GET mints as well, so a link does");
        requires(signedIn, "without a signed-in person, no request could have been given a token");
      },
    },
  },
  {
    id: "MINT-3",
    sentence: "no answer of the mint may be stored by shared caches or read by other origins",
    catches: "a token in a shared cache or readable elsewhere",
    app: {
      profile: "tutorial",
      fix: "answer with cache-control: no-store and without access-control-allow-origin",
      async check(app) {
        const { person } = app.visits[0] ? app.first() : { person: null };
        const replies = [
          await app.mint(person),
          await app.mint(person, { headers: { origin: EVIL } }),
          await app.mint(null),
        ];
        for (const reply of replies) assertPrivate(reply, "the mint's answer");
        const preflight = await app.client.send("OPTIONS", mintPath(app), {
          headers: { origin: EVIL, "access-control-request-method": app.mintMethod },
        });
        assertPrivate({ ...preflight, headers: withoutCaching(preflight.headers) }, "the mint's answer");
        const [own] = replies;
        const cache = own?.headers.get("cache-control") ?? "";
        if (app.mintMethod === "GET")
          demand(/no-store|no-cache|private/.test(cache), "a GET is stored unless cache-control forbids it");
        app.full(
          replies.every(({ headers }) => /no-store/.test(headers.get("cache-control") ?? "")),
          "cache-control: no-store is missing",
        );
        requires(person, "without a signed-in person, no answer held a token");
      },
    },
  },
  {
    id: "MINT-4",
    sentence: "Ringside is asked for tokens of this app's origin and of its own Customers",
    catches: "a token that other origins can use",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "send origin: your app's own origin, from configuration and never from the request",
      async check(app) {
        if (app.description.people.length > 1) await requestsThatNameAnother(app).catch(() => {});
        for (const { body } of await mintsSoFar(app)) {
          const { origin, origin_allowlist: list } = body;
          const origins = [origin ?? list].flat().filter((item) => item !== undefined);
          demand(origins.length > 0, "a token was asked for without an origin");
          for (const item of origins)
            demand(item === app.origin, `a token was asked for another origin than ${app.origin}`);
        }
      },
    },
  },
  {
    id: "MINT-8",
    sentence: "a token opens its Customer's row and daily usage, and nothing else",
    catches: "a stolen token that opens the whole account",
    app: {
      profile: "tutorial",
      fix: 'send allowed_endpoints: ["/v1/customers/<id>", "/v1/usage"]',
      async check(app) {
        if (app.description.people.length > 1) await requestsThatNameAnother(app).catch(() => {});
        for (const { body, customer, external_id: externalId } of await mintsSoFar(app)) {
          const list = body["allowed_endpoints"] ?? body["scope"];
          demand(Array.isArray(list) && list.length > 0, "a token was asked for without a list of endpoints");
          const allowed = [
            `/v1/customers/${customer}`,
            `/v1/customers/ext:${externalId}`,
            `/v1/customers/ext:${encodeURIComponent(externalId ?? "")}`,
            "/v1/usage",
            "customer",
            "usage",
          ];
          const wide = list.filter((item) => !allowed.includes(String(item)));
          demand(
            wide.length === 0,
            `a token was asked for that opens more: ${wide.join(", ").slice(0, 120)}`,
          );
        }
      },
    },
  },
  {
    id: "MINT-9",
    sentence: "a token lives as long as the app states, between 60 and 3600 seconds",
    catches: "a stolen token that is good for an hour",
    app: {
      profile: "tutorial",
      fix: "send ttl_seconds: 300, or state what you send as tokenSeconds",
      async check(app) {
        if (app.description.people.length > 1) await requestsThatNameAnother(app).catch(() => {});
        await mintsSoFar(app);
        const { tokenSeconds } = app.capabilities;
        for (const { mint } of app.visits) {
          const token = await app.issued(mint);
          if (token) check(token.expires_at - token.issued_at);
        }
        for (const { body } of await app.mints())
          if (typeof body["ttl_seconds"] === "number") check(body["ttl_seconds"]);
        function check(seconds: number) {
          demand(seconds >= 60 && seconds <= 3600, `a token lives ${seconds} s; 60 to 3600 are allowed`);
          if (tokenSeconds !== undefined)
            demand(
              seconds === tokenSeconds,
              `a token lives ${seconds} s; the description states ${tokenSeconds}`,
            );
        }
      },
    },
  },
  {
    id: "MINT-10",
    sentence: "each person is given tokens of their own Customer, no matter who asked before",
    catches: "one person's token served to another from a cache",
    app: {
      profile: "tutorial",
      fix: "cache no token on the server, or key the cache by the session's user",
      async check(app) {
        const pair = [app.first(), app.second()];
        if (app.ringside) {
          requires(
            pair.every(({ externalId }) => externalId !== null),
            "a Customer is not known: see CUS-1",
          );
          requires(pair[0]?.externalId !== pair[1]?.externalId, "two people share a Customer: see CUS-2");
        }
        const own = new Map<Visit, string>();
        for (const visit of [...pair, ...pair]) {
          const reply = await app.mint(visit.person);
          const token = tokenOf(reply);
          demand(token, `the mint answered ${visit.person.name} with ${reply.status} the second time`);
          const customer = app.ringside ? (await app.issued(reply))?.customer : claimsOf(token)?.["sub"];
          requires(typeof customer === "string", "the token does not say whose it is");
          demand(
            (own.get(visit) ?? customer) === customer,
            `${visit.person.name} is given tokens of two Customers`,
          );
          own.set(visit, customer);
        }
        const [first, second] = pair.map((visit) => own.get(visit));
        demand(first !== second, "two people are given tokens of one Customer");
      },
    },
  },
  {
    id: "MINT-11",
    sentence: "whose token and whose page it is comes from the session alone, not from the request",
    catches: "any user reading another's spend by naming them",
    app: {
      profile: "tutorial",
      fix: "take the user from the verified session; ignore body, query and headers",
      async check(app) {
        const [own, other] = [app.first(), app.second()];
        requires(
          own.externalId !== null || own.customer !== null,
          "the person's Customer is not known: see CUS-1",
        );
        requires(own.externalId !== other.externalId, "two people share a Customer: see CUS-2");
        for (const { way, entries, reply } of await requestsThatNameAnother(app)) {
          demand(!entries.some((entry) => names(entry, other)), `${way} chose another person's Customer`);
          const token = await app.issued(reply);
          demand(!token || token.customer !== other.customer, `${way} chose another person's token`);
        }
      },
    },
  },
  {
    id: "MINT-5",
    sentence:
      "when Ringside fails, the mint fails too, without a secret in its answer, and works again afterwards",
    catches: "internal errors and keys shown to users",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "answer 502 with a code of your own; log the cause instead of sending it",
      async check(app) {
        const ringside = app.staged();
        const { person } = app.first();
        for (const fault of ["server_error", "malformed", "drop"]) {
          await ringside.fault(fault, { on: "mint" });
          const reply = await app.mint(person).finally(() => ringside.recover());
          const all = `${[...reply.headers].join("\n")}\n${reply.text}`;
          demand(!holdsKey(all, ringside.key), "its answer holds the server key");
          demand(
            !/authorization["']?\s*[:=]/i.test(reply.text),
            "its answer repeats the request's Authorization header",
          );
          const issued = tokenOf(reply) && (await app.issued(reply));
          requires(!issued, "the app answers from a cache of its own, without asking Ringside");
          demand(!tokenOf(reply), `it answered ${reply.status} with a token that Ringside did not give`);
          if (fault !== "malformed")
            demand(reply.status >= 400, `Ringside failed, and the mint answered ${reply.status}`);
          app.full(
            reply.status >= 400,
            `Ringside's answer could not be read, and the mint answered ${reply.status}`,
          );
          app.full(!/Armed by a test|internal_error/.test(reply.text), "its answer repeats Ringside's words");
          app.full(/json/.test(reply.headers.get("content-type") ?? ""), "its answer is no JSON");
        }
        demand(tokenOf(await app.mint(person)), "it gives no token after Ringside has recovered");
      },
    },
  },
  {
    id: "MINT-6",
    sentence: "more than a person needs is answered 429 with Retry-After, and Ringside hears nothing of it",
    catches: "one page, or one attacker, that mints for the whole company's account",
    browser: true,
    app: {
      profile: "full",
      fix: "limit mints per person, and answer 429 with Retry-After",
      late: true,
      async check(app) {
        app.staged();
        const { person } = app.visits.length > 1 ? app.second() : app.first();
        for (let asked = 0; asked < 120; asked += 1) {
          const { reply, received } = await mintsDuring(app, () => app.mint(person, { hurry: true }));
          if (reply.status !== 429) continue;
          demand(reply.headers.has("retry-after"), "429 without Retry-After");
          demand(received.length === 0, "Ringside was asked all the same");
          return;
        }
        demand(false, "120 mints in a row were all answered");
      },
    },
  },
];

function mintPath({ routes, origin }: AppUnderTest): string {
  return new URL(routes.mint.split(" ")[1] ?? "/", origin).pathname;
}

function withoutCaching(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete("cache-control");
  return copy;
}
