/** CUS: each user's own Customer. KEY: what the server's key is used for. */
import type { AppUnderTest } from "../run/app-under-test.ts";
import { demand, requires } from "../run/outcome.ts";
import { type Entry, isPoll } from "../run/ringside.ts";
import type { Rule } from "./define.ts";

const isCreate = ({ method, path }: Entry) => method === "POST" && path === "/v1/customers";

/** What the documented dashboard needs the key for, and nothing else. */
const KEY_USES = [
  /^GET \/v1\/customers(\/[^/]+)?$/,
  /^POST \/v1\/customers$/,
  /^GET \/v1\/(usage|customers\/[^/]+\/usage)$/,
  /^POST \/v1\/(client_tokens|customers\/[^/]+\/client_tokens)$/,
];

/** Ringside's log of later visits: the dashboard and a mint again, for each person. */
const laterVisits = (app: AppUnderTest) =>
  app.once("later visits", async () => {
    app.first();
    const since = await app.staged().mark();
    for (const { person } of app.visits) {
      await app.client.send("GET", app.routes.dashboard, { jar: person.jar.copy(), follow: true });
      await app.mint(person);
    }
    return app.staged().received(since);
  });

export const customerRules: Rule[] = [
  {
    id: "CUS-1",
    sentence: "a first visit makes one Customer, found by ext:<user id>; later visits make none",
    catches: "a user whose spend is spread over several Customers",
    app: {
      profile: "tutorial",
      fix: "GET /customers/ext:<user id> first, and POST only after 404, with the bare user id as external_id",
      async check(app) {
        app.staged();
        const { entries, externalId, person } = app.first();
        const all = new Set(
          entries.flatMap(({ external_id: id, authorization }) => (authorization === "bearer" && id) || []),
        );
        demand(all.size > 0, `${person.name}'s first visit named no external_id to Ringside`);
        demand(all.size === 1, `${person.name}'s first visit named ${all.size} external_ids`);
        const rows = (await app.staged().customers()).filter((row) => row.external_id === externalId);
        demand(rows.length === 1, `Ringside holds ${rows.length} Customers of ${person.name}`);
        const refused = entries.filter((entry) => isCreate(entry) && entry.status === 400);
        demand(
          refused.length === 0,
          "Ringside refused to create a Customer: is external_id sent without ext:?",
        );
        const creates = (await laterVisits(app)).filter(isCreate);
        demand(
          creates.every(({ status }) => status === 409),
          "a later visit made another Customer",
        );
        app.full(creates.length === 0, "a later visit asks to create the Customer again");
        app.full(
          entries.some(({ method, path }) => method === "GET" && path.startsWith("/v1/customers/ext:")),
          "the Customer is not looked up by ext:<user id>",
        );
      },
    },
  },
  {
    id: "CUS-2",
    sentence: "two people have two Customers, and each page reads its own",
    catches: "one person reading the spend of another",
    app: {
      profile: "tutorial",
      fix: "use the session's own user id as external_id",
      async check(app) {
        app.staged();
        const [one, two] = [app.first(), app.second()];
        requires(one.externalId !== null && two.externalId !== null, "a Customer is not known: see CUS-1");
        demand(one.externalId !== two.externalId, "two people are looked up under one external_id");
        for (const [own, other] of [
          [one, two],
          [two, one],
        ] as const) {
          const foreign = own.entries.filter(
            (entry) => entry.external_id === other.externalId && !isPoll(entry),
          );
          demand(foreign.length === 0, `${own.person.name}'s visit read ${other.person.name}'s Customer`);
          const polled = own.entries.filter(isPoll);
          demand(
            polled.every(({ customer }) => customer === own.customer),
            `${own.person.name}'s page reads another Customer`,
          );
        }
        requires(app.browser, "needs a browser to see which Customer a page reads");
      },
    },
  },
  {
    id: "KEY-1",
    sentence: "the server key is used for look-up, creation, usage and minting, and never from a browser",
    catches: "a proxy that lets visitors do what the key may do",
    app: {
      profile: "tutorial",
      fix: "call Ringside with the key from the server only, for those four requests",
      late: true,
      async check(app) {
        const all = await app.staged().received();
        const used = all.filter(({ authorization }) => authorization === "bearer");
        requires(used.length > 0, "the key was not used at all");
        const other = used.filter(
          ({ method, path }) => !KEY_USES.some((use) => use.test(`${method} ${path}`)),
        );
        demand(
          other.length === 0,
          `the key was used for ${other[0]?.method} ${other[0]?.path.replace(/cus_\w+|ext:[^/]+/, "<id>")}`,
        );
        demand(
          used.every(({ origin }) => origin === null),
          "the key was sent by a browser",
        );
      },
    },
  },
];
