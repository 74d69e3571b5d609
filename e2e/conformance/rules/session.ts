/** SES: being signed in. */
import assert from "node:assert/strict";
import { redirecting, SIGNED_OUT } from "../run/adapter-under-test.ts";
import { type AppUnderTest, holdsToken, tokenOf, tracesOf, type Visit } from "../run/app-under-test.ts";
import { type Cookie, CookieJar } from "../run/http.ts";
import { demand, requires } from "../run/outcome.ts";
import { isMint } from "../run/ringside.ts";
import type { Rule } from "./define.ts";

/** Whether this jar gets a token, and whether Ringside was asked for one. */
async function mintsWith(app: AppUnderTest, visit: Visit, cookies: readonly Cookie[]) {
  const since = (await app.ringside?.mark()) ?? 0;
  const reply = await app.mint(visit.person, { jar: new CookieJar(cookies) });
  const asked = ((await app.ringside?.received(since)) ?? []).filter(isMint);
  return {
    minted: tokenOf(reply) !== null || holdsToken(reply.text) || asked.length > 0,
    status: reply.status,
  };
}

/** The cookies that a session needs. A CSRF token that the page sends back is not one. */
const sessionCookies = (app: AppUnderTest) =>
  app.once("session cookies", async () => {
    const visit = app.first();
    const { cookies } = visit.person.jar;
    const echoed = Object.values(app.mintHeaders(visit.person));
    const needed: Cookie[] = [];
    for (const cookie of cookies) {
      const rest = cookies.filter((other) => other !== cookie);
      if (
        !(await mintsWith(app, visit, rest)).minted &&
        !echoed.some((value) => sameValue(value, cookie.value))
      )
        needed.push(cookie);
    }
    requires(needed.length > 0, "no cookie is the session: it is kept in another way");
    return needed;
  });

const sameValue = (one: string, other: string) =>
  one === other || one === decoded(other) || decoded(one) === other;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The value with one character in its middle replaced, and other ways to make it up. */
function forgeriesOf(value: string, own: Visit, other: Visit | undefined): [string, string][] {
  const at = Math.floor(value.length / 2);
  const flip = (text: string, index: number) =>
    text.slice(0, index) + (text[index] === "A" ? "B" : "A") + text.slice(index + 1);
  const made: [string, string][] = [
    ["with a changed character", flip(value, at)],
    ["with a changed end", flip(flip(value, value.length - 2), value.length - 5)],
    ["made up", "A".repeat(Math.max(8, value.length))],
  ];
  const parts = value.split(".");
  if (parts.length > 1)
    made.push(
      ["without its signature", parts.slice(0, -1).join(".")],
      ["with an empty signature", `${parts.slice(0, -1).join(".")}.`],
    );
  const header = claims(parts[0]);
  if (parts.length === 3 && header)
    made.push(["with alg none", `${encode({ ...header, alg: "none" })}.${parts[1]}.`]);
  if (other)
    for (const [mine, theirs] of [
      [own.person.name, other.person.name],
      [own.externalId, other.externalId],
      [tailOf(own.externalId), tailOf(other.externalId)],
    ])
      if (mine && theirs) made.push(...swapped(value, mine, theirs));
  return made.filter(([, forged]) => forged !== value);
}

/** The user id in an external_id such as `user_42`. */
const tailOf = (externalId: string | null) => externalId?.split(/[_|:]/).at(-1) ?? null;

/** The value with another person's name in place of one's own, plain or encoded. */
function swapped(value: string, mine: string, theirs: string): [string, string][] {
  const plain = decoded(value).includes(mine)
    ? [encodeURIComponent(decoded(value).replaceAll(mine, theirs))]
    : [];
  const encoded = value.split(".").flatMap((part, index, all) => {
    const text = Buffer.from(part, "base64url").toString();
    if (!text.includes(mine)) return [];
    const changed = Buffer.from(text.replaceAll(mine, theirs)).toString("base64url");
    return [all.map((old, at) => (at === index ? changed : old)).join(".")];
  });
  return [...plain, ...encoded].map((forged) => ["that names another person", forged]);
}

function claims(part = ""): object | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

export const sessionRules: Rule[] = [
  {
    id: "SES-1",
    sentence: "signing in starts a new session, never one that was there before",
    catches: "a session planted in the victim's browser",
    needs: ["redirect"],
    browser: true,
  },
  {
    id: "SES-3",
    sentence: "without a session the dashboard shows no figures and reads none",
    catches: "figures in a page that no user signed in to",
    app: {
      profile: "tutorial",
      fix: "check the session before rendering, and redirect to the sign-in page",
      async check(app) {
        const since = (await app.ringside?.mark()) ?? 0;
        const { status, location, text } = await app.client.send("GET", app.routes.dashboard);
        demand(status < 500 && status !== 404, `the dashboard answered ${status}`);
        for (const visit of app.visits)
          demand(!tracesOf(visit).some((trace) => text.includes(trace)), "it shows what belongs to a person");
        demand(!holdsToken(text), "it holds a token");
        const received = async () =>
          ((await app.ringside?.received(since)) ?? []).filter(({ method }) => method !== "OPTIONS");
        demand((await received()).length === 0, "it looked a Customer up at Ringside");
        const redirected = status >= 300 && status < 400;
        if (redirected) {
          const own = location?.origin === app.origin ? location.pathname : null;
          demand(
            own !== new URL(app.routes.dashboard, app.origin).pathname,
            "the dashboard redirects to itself",
          );
          const { signIn } = app.routes;
          if (signIn && own !== null)
            app.full(
              own === new URL(signIn, app.origin).pathname,
              "it leads somewhere else than to the sign-in page",
            );
        }
        app.full(
          redirected || status === 401 || status === 403,
          `it answered ${status} instead of leading to the sign-in page`,
        );
        if (redirected || !app.browser || !app.ringside) {
          requires(
            redirected || status === 401 || status === 403 || app.visits.length > 0,
            "without a person to compare with, a page that answers 200 shows nothing",
          );
          return;
        }
        const page = await app.open(null);
        await page.advance(6);
        await page.close();
        demand((await received()).length === 0, "the page of a visitor who is signed out asks Ringside");
      },
    },
  },
  {
    id: "SES-4",
    sentence: "a session cookie that was changed or made up signs no user in",
    catches: "a cookie that is read and not authenticated",
    app: {
      profile: "tutorial",
      fix: "sign or encrypt the cookie, or keep sessions on the server under a random id",
      async check(app) {
        const own = app.first();
        const other = app.visits[1];
        const needed = await sessionCookies(app);
        for (const cookie of needed)
          for (const [how, value] of forgeriesOf(cookie.value, own, other)) {
            const cookies = own.person.jar.cookies.map((old) =>
              old.name === cookie.name ? { ...old, value } : old,
            );
            const { minted } = await mintsWith(app, own, cookies);
            demand(!minted, `a session cookie ${how} is given a token`);
          }
      },
    },
  },
  {
    id: "SES-5",
    sentence: "the session cookie is host-only, not for other sites, and scripts cannot read it",
    catches: "a session taken by a script or a sibling subdomain",
    needs: ["redirect"],
    browser: true,
    app: {
      profile: "tutorial",
      fix: "set it with HttpOnly; SameSite=Lax; Path=/, with Secure on https, and without Domain",
      async check(app) {
        for (const { name, httpOnly, domain, sameSite, secure } of await sessionCookies(app)) {
          demand(httpOnly, `scripts can read the session cookie ${name}`);
          demand(!domain.startsWith("."), `the session cookie ${name} goes to every subdomain`);
          demand(sameSite !== "None", `the session cookie ${name} is sent with other sites' requests`);
          if (app.client.url.protocol === "https:")
            demand(secure, `the session cookie ${name} travels over plain http`);
        }
      },
    },
  },
  {
    id: "SES-7",
    sentence: "no page shows one person what belongs to another, and shared caches store none of them",
    catches: "a dashboard rendered once and served to every user",
    app: {
      profile: "tutorial",
      fix: "render the dashboard per request, and send cache-control: private, no-store with figures",
      async check(app) {
        const pair = [app.first(), app.second()];
        const [one, two] = pair as [Visit, Visit];
        const get = (visit: Visit | null) =>
          app.client.send("GET", app.routes.dashboard, {
            jar: visit?.person.jar.copy() ?? null,
            follow: visit !== null,
          });
        requires(
          tracesOf(one).length > 0 && tracesOf(two).length > 0,
          "nothing is known that only one of the two may see",
        );
        requires(!app.ringside || one.customer !== null, "the persons' Customers are not known: see CUS-1");
        requires(
          !app.ringside || one.externalId !== two.externalId,
          "two people share a Customer: see CUS-2",
        );
        for (const [own, other] of [
          [one, two],
          [two, one],
        ] as const) {
          const page = await get(own);
          demand(page.status < 400, `the dashboard answered ${own.person.name} with ${page.status}`);
          demand(
            !tracesOf(other).some((trace) => page.text.includes(trace)),
            `${own.person.name}'s page holds what belongs to ${other.person.name}`,
          );
          const cache = page.headers.get("cache-control") ?? "";
          const personal = tracesOf(own).some((trace) => page.text.includes(trace));
          demand(
            !personal || !/\bpublic\b|s-maxage=[1-9]/i.test(cache),
            "a page with a person's data may be stored by shared caches",
          );
          if (app.capabilities.figuresInHtml)
            app.full(/no-store/.test(cache), "a page with figures is not marked no-store");
        }
        const open = await get(null);
        demand(
          ![one, two].some((visit) => tracesOf(visit).some((trace) => open.text.includes(trace))),
          "a visitor who is signed out sees a person's data",
        );
      },
    },
  },
  {
    id: "SES-2",
    sentence: "signing out ends the session: the browser that signed out gets no token any more",
    catches: "a shared computer that stays signed in",
    needs: ["redirect"],
    browser: true,
    app: {
      profile: "tutorial",
      fix: "clear the cookie with the path it was set with; to end copies of it too, keep sessions on the server",
      late: true,
      async check(app) {
        const { signOut } = app.routes;
        requires(signOut, "needs routes.signOut");
        const visit = app.first();
        const jar = visit.person.again ? await visit.person.again() : visit.person.jar.copy();
        app.secrets.add(...jar.cookies.map(({ value }) => value));
        requires(
          tokenOf(await app.mint(visit.person, { jar: jar.copy() })),
          "a second session of this person gets no token",
        );
        requires(
          !tokenOf(await app.mint(visit.person, { jar: new CookieJar() })),
          "the mint is open to every visitor: see MINT-1",
        );
        const copy = jar.copy();
        const [method = "POST", path = "/"] = signOut.split(" ");
        const { authorization: _bearer, ...headers } = app.mintHeaders(visit.person);
        const reply = await app.client.send(method, path, {
          jar,
          body: method === "GET" ? undefined : "",
          headers: {
            origin: app.origin,
            "sec-fetch-site": "same-origin",
            ...headers,
            "content-type": "application/x-www-form-urlencoded",
          },
        });
        demand(reply.status < 400, `signing out answered ${reply.status}`);
        const since = (await app.ringside?.mark()) ?? 0;
        const after = await app.mint(visit.person, { jar: jar.copy() });
        const asked = ((await app.ringside?.received(since)) ?? []).filter(isMint);
        demand(!tokenOf(after) && asked.length === 0, "signed out, the browser is still given tokens");
        const page = await app.client.send("GET", app.routes.dashboard, { jar: jar.copy() });
        const open = await app.client.send("GET", app.routes.dashboard);
        demand(
          !tracesOf(visit).some((trace) => page.text.includes(trace) && !open.text.includes(trace)),
          "signed out, the dashboard still shows this person's data",
        );
        app.full(
          !tokenOf(await app.mint(visit.person, { jar: copy })),
          "a copy of the cookie is still given tokens: the session was only cleared in one browser",
        );
      },
    },
  },
  {
    id: "SES-6",
    sentence: "signing out signs out at the provider as well, where it has a page for that",
    catches: "the next visitor of a shared computer signed in without being asked",
    needs: ["redirect", "end_session"],
    browser: true,
    contract: async (adapter) => {
      await adapter.signIn(await adapter.provider.person());
      const url = redirecting(adapter).signOutUrl?.(SIGNED_OUT);
      assert.ok(url, "the adapter names no page for signing out");
      const before = (await adapter.provider.received()).length;
      const response = await fetch(url, { redirect: "manual" });
      assert.ok(response.status < 400, `the provider's page for signing out answered ${response.status}`);
      const received = (await adapter.provider.received()).slice(before);
      const asked = received.find(({ endpoint }) => endpoint === "logout");
      assert.ok(asked, "the provider was not asked to sign the user out");
      assert.match(
        JSON.stringify(asked),
        new RegExp(`"${SIGNED_OUT.href}"`),
        "it was not told where to lead back",
      );
    },
  },
];
