/** TOK: the life of a Client Token in the page. XO: what crosses origins. USE: daily usage. */
import { type AppUnderTest, claimsOf, tokenOf } from "../run/app-under-test.ts";
import { demand, requires } from "../run/outcome.ts";
import type { Timed } from "../run/page.ts";
import { encodings, holdsKey } from "../run/redact.ts";
import {
  asleep,
  forbidden,
  hidden,
  isMint,
  isPoll,
  isUsage,
  type Life,
  life,
  pollSecondsOf,
  RETRY_AFTER_SECONDS,
  rateLimited,
  refused,
  refusedForever,
  refusedOnce,
  shortTokens,
  wrongClock,
} from "../run/scenarios.ts";
import { everyScript } from "../run/scripts.ts";
import type { Rule } from "./define.ts";

const ok = ({ status }: Timed) => status === 200;

/** @throws NotRun when the page read nothing */
async function polled(app: AppUnderTest): Promise<Life> {
  const seen = await life(app);
  requires(
    seen.log.some((entry) => isPoll(entry) && ok(entry)),
    "no read of the Customer's row with a Client Token succeeds: see XO-1",
  );
  return seen;
}

/** The longest silence between successful polls from a moment on, in seconds. */
function longestGap(polls: readonly Timed[], from: number, to: number): number {
  const times = [
    from,
    ...polls.filter((poll) => ok(poll) && poll.time >= from && poll.time <= to).map(({ time }) => time),
    to,
  ];
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time))) / 1000;
}

/** Tokens that pages of this run were given. */
const tokensOf = (seen: Life) => [
  ...new Set(
    seen.sent.flatMap(({ headers }) => /^Client (.+)$/.exec(headers["authorization"] ?? "")?.[1] ?? []),
  ),
];

const plainForms = (token: string) => encodings(token).slice(0, 3);

function requiresRotation(app: AppUnderTest, kind: "early" | "on-401") {
  const { rotation } = app.capabilities;
  requires(rotation, "needs capabilities.rotation");
  requires(rotation.includes(kind), `the description does not state rotation "${kind}"`);
}

export const tokenRules: Rule[] = [
  {
    id: "TOK-1",
    sentence: "a token stays in the page's memory: it is in no storage, cookie, address, global or document",
    catches: "a token that any script, extension or next visitor can read",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "hold the token in a variable of a module or component, and send it in the Authorization header alone",
      async check(app) {
        if (!app.ringside) {
          // Deployed: what plain requests can see.
          const { text } = await app.client.send("GET", app.routes.dashboard, {
            jar: app.first().person.jar.copy(),
            follow: true,
          });
          demand(!/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/.test(text), "the dashboard's HTML holds a token");
          return;
        }
        const seen = await polled(app);
        const tokens = tokensOf(seen);
        requires(tokens.length > 0, "no token was seen");
        const holds = (text: string) =>
          tokens.some((token) => plainForms(token).some((form) => text.includes(form)));
        for (const [place, text] of Object.entries(seen.readable))
          demand(!holds(text), `a token is in ${place}`);
        demand(!seen.sent.some(({ url }) => holds(url.href)), "a token is in an address");
        const documents = seen.served.filter(({ type }) => type === "document" || type === "script");
        demand(
          !documents.some(({ text }) => holds(text) || /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/.test(text)),
          "a token is in a document or a script",
        );
      },
    },
  },
  {
    id: "TOK-14",
    sentence: "the server key is in nothing that the app serves",
    catches: "the key in a page, a script or an error",
    app: {
      profile: "tutorial",
      fix: "read the key in server code only; names such as NEXT_PUBLIC_ or VITE_ put it into scripts. Then revoke it",
      late: true,
      async check(app) {
        await everyScript(app);
        const { served } = app.client;
        requires(served.length > 3, "nothing was served");
        if (!app.ringside) {
          const found = served.find(({ text }) => /\b(sk_(live|test)|ko)_\w{8,}/.test(text));
          demand(!found, `something shaped like a server key is in ${found?.what}`);
          return;
        }
        const { key } = app.ringside;
        const found = served.find(({ text }) => holdsKey(text, key));
        demand(!found, `the key is in the answer to ${found?.what}`);
      },
    },
  },
  {
    id: "XO-1",
    sentence: "the browser reads the figures from Ringside itself, with a Client Token",
    catches: "a proxy of the app's own in the place of Client Tokens",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "fetch GET /v1/customers/<id> in the browser with Authorization: Client <token>",
      async check(app) {
        const { log } = await life(app);
        const polls = log.filter(isPoll);
        const client = log.filter(({ authorization }) => authorization === "client");
        demand(client.length > 0, "in a minute, the page sent Ringside no request with a Client Token");
        demand(polls.length > 0, "in a minute, the page did not read the Customer's row");
        demand(
          polls.every(({ origin }) => origin === app.origin),
          "the row was read by something else than a page of the app",
        );
        demand(polls.some(ok), `no read succeeded; the first was answered ${polls[0]?.status}`);
        const preflights = log.filter(({ method }) => method === "OPTIONS").length;
        app.full(preflights <= 2 + polls.length / 4, `${preflights} preflights for ${polls.length} reads`);
      },
    },
  },
  {
    id: "XO-2",
    sentence: "Ringside receives no cookie",
    catches: "credentials sent where they are not needed",
    browser: true,
    app: {
      profile: "tutorial",
      fix: 'leave out credentials: "include" in requests to Ringside',
      async check(app) {
        const { log, sent } = await polled(app);
        demand(!log.some(({ cookie }) => cookie), "a request to Ringside carried a cookie");
        const host = new URL(app.staged().url).host;
        const withCookies = sent.filter(({ url, headers }) => url.host === host && headers["cookie"]);
        demand(withCookies.length === 0, "a request to Ringside carried a cookie");
      },
    },
  },
  {
    id: "XO-4",
    sentence: "a token opens its own Customer's row from the app's origin, and nothing else",
    catches: "a stolen token that is worth something",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "mint with your origin and the two endpoints; if that is so, ask Ringside why it does not hold tokens to it",
      async check(app) {
        const base = app.ringside?.url ?? app.description.ringside;
        requires(base, "needs --ringside <API base> to try what the token opens");
        const { person } = app.first();
        const token = tokenOf(await app.mint(person));
        const customer = app.ringside
          ? (await app.staged().tokens()).find(({ jti }) => jti === claimsOf(token)?.["jti"])?.customer
          : claimsOf(token)?.["sub"];
        requires(typeof customer === "string" && token, "the token does not say whose it is");
        const ask = async (path: string, origin: string) =>
          (
            await fetch(`${base.replace(/\/$/, "")}${path}`, {
              headers: { authorization: `Client ${token}`, origin },
              signal: AbortSignal.timeout(10_000),
            })
          ).status;
        const row = `/customers/${customer}`;
        const own = await ask(row, app.origin);
        demand(own === 200, `a fresh token does not open its own Customer's row (${own})`);
        demand((await ask(row, "https://evil.example")) >= 400, "pages of another origin can use the token");
        demand((await ask("/customers", app.origin)) >= 400, "the token opens another endpoint");
        const second = app.visits[1]?.customer;
        const other = second && second !== customer ? second : "cus_000000000000";
        demand(
          (await ask(`/customers/${other}`, app.origin)) >= 400,
          "the token opens another Customer's row",
        );
      },
    },
  },
  {
    id: "TOK-17",
    sentence: "the page reads its Customer's row as often as the description states, and not more often",
    catches: "a page that floods Ringside, or shows old figures",
    app: {
      profile: "tutorial",
      fix: "poll with one timer, every 5 seconds; clear it when the component goes",
      async check(app) {
        requires(app.capabilities.pollSeconds, "needs capabilities.pollSeconds");
        const { log, minute } = await polled(app);
        const [from, to] = minute;
        const count = log.filter((entry) => isPoll(entry) && entry.time > from && entry.time <= to).length;
        const seconds = (to - from) / 1000;
        const expected = seconds / app.capabilities.pollSeconds;
        demand(
          count <= expected * 1.25 + 1.5,
          `${count} reads in ${Math.round(seconds)} s; every ${app.capabilities.pollSeconds} s was stated`,
        );
        demand(
          count >= expected * 0.6 - 1,
          `only ${count} reads in ${Math.round(seconds)} s; every ${app.capabilities.pollSeconds} s was stated`,
        );
      },
    },
  },
  {
    id: "USE-1",
    sentence: "the page reads daily usage from Ringside, with its Client Token",
    catches: "a chart without data",
    app: {
      profile: "tutorial",
      fix: "fetch GET /v1/usage?group_by=day with the same token, and add /v1/usage to allowed_endpoints",
      async check(app) {
        requires(app.capabilities.chart, "needs capabilities.chart");
        const { log } = await polled(app);
        const usage = log.filter(isUsage);
        demand(usage.length > 0, "daily usage was not read");
        demand(
          usage.some((entry) => ok(entry) && entry.query["group_by"] === "day"),
          `no read of usage by day succeeded; the first was answered ${usage[0]?.status}`,
        );
      },
    },
  },
  {
    id: "TOK-2",
    sentence: "a token is renewed before it expires, and no request is refused",
    catches: "a gap every five minutes",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "mint again at expires_at minus 30 seconds, or every 4 minutes, whichever is sooner",
      async check(app) {
        requiresRotation(app, "early");
        const { log, lived } = await polled(app);
        requires(lived !== null, "the page's time cannot be moved to the end of its token");
        demand(log.filter(isMint).length > 1, `no second token was asked for in ${lived} s and longer`);
        demand(
          refused(log).length === 0,
          `${refused(log).length} requests were sent with a token that had expired`,
        );
      },
    },
  },
  {
    id: "TOK-16",
    sentence: "the figures go on past the end of the token, without a lost poll",
    catches: "a dashboard that stops after five minutes",
    app: {
      profile: "tutorial",
      fix: "on 401 mint again and repeat the request at once; keep the timer running while a token is replaced",
      async check(app) {
        const { log, lived, closeFrom } = await polled(app);
        requires(lived !== null, "the page's time cannot be moved to the end of its token");
        const gap = longestGap(log.filter(isPoll), closeFrom, log.at(-1)?.time ?? closeFrom);
        demand(
          gap <= 2 * pollSecondsOf(app) + 3,
          `around the end of the token there was no read for ${Math.round(gap)} s`,
        );
      },
    },
  },
  {
    id: "TOK-4",
    sentence: "after a 401 the page mints once and reads on with the new token",
    catches: "a storm of mints, or a page that stops",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "on 401 invalid_client_token, mint once and repeat the request",
      async check(app) {
        requiresRotation(app, "on-401");
        await polled(app);
        const { mints, polls } = await refusedOnce(app);
        requires(polls.length + mints > 0, "the page asked for nothing after its token was revoked");
        demand(mints > 0, "no new token was asked for");
        demand(polls.some(ok), "no read succeeded with the new token");
        demand(mints <= 2, `${mints} tokens were asked for`);
        app.full(mints === 1, `${mints} tokens were asked for instead of one`);
      },
    },
  },
  {
    id: "TOK-15",
    sentence:
      "tokens are asked for when one is needed, and while all are refused no more often than polls are due",
    catches: "a storm of mints that uses up the account's limits",
    app: {
      profile: "tutorial",
      fix: "ask for at most one token per failed poll, and never in a loop",
      async check(app) {
        const { log, minute, lived } = await polled(app);
        const inMinute = log.filter(
          (entry) => isMint(entry) && entry.time > minute[0] && entry.time <= minute[1],
        );
        if (lived !== null && lived >= 180)
          demand(inMinute.length <= 2, `${inMinute.length} tokens in a minute in which none had expired`);
        const { mints, polls, seconds } = await refusedForever(app);
        requires(mints + polls.length > 0, "the page asked for nothing any more");
        // A page that polls too often is for TOK-17 to tell.
        const [from, to] = minute;
        const observed = log.filter((entry) => isPoll(entry) && entry.time > from && entry.time <= to).length;
        const inSameTime = Math.ceil((observed * seconds * 1000) / (to - from));
        const expected = Math.max(Math.ceil(seconds / pollSecondsOf(app)), inSameTime);
        const due = expected * (app.capabilities.chart ? 2 : 1) + 3;
        demand(mints <= due, `${mints} tokens in ${seconds} s`);
        const stuck = await forbidden(app);
        demand(stuck.mints <= due, `${stuck.mints} tokens in ${seconds} s of 403`);
      },
    },
  },
  {
    id: "TOK-5",
    sentence: "when every token is refused, the page stops asking for tokens",
    catches: "asking for tokens for ever",
    browser: true,
    app: {
      profile: "full",
      fix: "after a fresh token is refused too, stop or back off, and say so",
      async check(app) {
        await polled(app);
        const { mints, seconds } = await refusedForever(app);
        demand(mints <= 5, `${mints} tokens in ${seconds} s`);
      },
    },
  },
  {
    id: "TOK-6",
    sentence: "a 403 never mints again",
    catches: "a storm of mints for a wrong origin",
    browser: true,
    app: {
      profile: "full",
      fix: "mint again after 401 only: another token does not change a 403",
      async check(app) {
        await polled(app);
        const { mints, polls } = await forbidden(app);
        requires(polls.length > 0, "the page asked for nothing any more");
        demand(mints === 0, `${mints} tokens after 403`);
      },
    },
  },
  {
    id: "TOK-7",
    sentence: "after a 429 the page waits as long as Retry-After says",
    catches: "a client that makes an overload worse",
    browser: true,
    app: {
      profile: "full",
      fix: "read Retry-After and pause the polls for that long",
      async check(app) {
        await polled(app);
        const { polls } = await rateLimited(app);
        const [first, second] = polls;
        requires(first, "the page did not ask again");
        demand(
          !second || second.time - first.time >= (RETRY_AFTER_SECONDS - 1) * 1000,
          `it asked again after ${Math.round(((second?.time ?? 0) - first.time) / 1000)} s; Retry-After was ${RETRY_AFTER_SECONDS}`,
        );
      },
    },
  },
  {
    id: "TOK-8",
    sentence: "a browser clock ten minutes wrong does no harm",
    catches: "tokens that seem to have expired, or to live too long",
    browser: true,
    app: {
      profile: "full",
      fix: "measure a token's life from when it came, by the server's Date, and not by the browser's clock",
      async check(app) {
        await polled(app);
        for (const minutes of [10, -10]) {
          const { mints, after, polls } = await wrongClock(app, minutes * 60_000);
          demand(polls.some(ok), "no read succeeded");
          demand(
            mints <= 2,
            `${mints} tokens in half a minute, with the clock ${minutes > 0 ? "ahead" : "behind"}`,
          );
          demand(refused(after).length === 0, "requests were refused");
        }
      },
    },
  },
  {
    id: "TOK-9",
    sentence: "a hidden page asks for nothing, and is up to date at once when it is seen again",
    catches: "a forgotten tab that polls and mints all night",
    browser: true,
    app: {
      profile: "full",
      fix: "stop the timer on visibilitychange, and poll at once when the page is visible again",
      async check(app) {
        await polled(app);
        const { unseen, back } = await hidden(app);
        demand(unseen.after.length === 0, `${unseen.after.length} requests in two minutes out of sight`);
        demand(back.polls.some(ok), "back in sight, nothing was read");
      },
    },
  },
  {
    id: "TOK-10",
    sentence: "a page that slept past its token's end goes on by itself, at the cost of one mint",
    catches: "a laptop that wakes to an error",
    browser: true,
    app: {
      profile: "tutorial",
      fix: "on 401 mint again and repeat the request; do not rely on a timer alone",
      async check(app) {
        await polled(app);
        const { mints, polls } = await asleep(app);
        demand(polls.some(ok), "after eight hours of sleep, no read succeeded");
        app.full(mints === 1, `${mints} tokens were asked for instead of one`);
      },
    },
  },
  {
    id: "TOK-11",
    sentence: "signing out in one tab stops the others at once",
    catches: "figures after a sign-out",
    needs: ["redirect"],
    browser: true,
  },
  {
    id: "TOK-12",
    sentence: "another person in another tab never sees the first one's figures",
    catches: "two people's figures on one page",
    needs: ["redirect"],
    browser: true,
  },
  {
    id: "TOK-13",
    sentence: "a token of 60 s is renewed before its end, and not at every poll",
    catches: "a mint per poll where Ringside keeps lifetimes short",
    browser: true,
    app: {
      profile: "full",
      fix: "choose the moment of renewal by the token's own lifetime",
      async check(app) {
        await polled(app);
        const { mints, polls, after } = await shortTokens(app);
        demand(polls.filter(ok).length > 5, "few reads succeeded");
        demand(refused(after).length === 0, `${refused(after).length} requests were refused`);
        demand(mints <= 6, `${mints} tokens in 100 s`);
      },
    },
  },
  {
    id: "XO-3",
    sentence: "CORS refused: the last figures stay, and the page says so",
    catches: "an empty page, or figures of unknown age",
    browser: true,
  },
];
