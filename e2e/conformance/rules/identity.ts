/** ID: who a user is. */
import assert from "node:assert/strict";
import type { ProxyAuthenticatedConnection } from "#adapters/adapter.ts";
import { FORGED_TOKENS, MISUSED_TOKENS, type TokenFault } from "#mocks/identity/parts/mock.ts";
import { type AdapterUnderTest, APP, refusalOf, refusalText } from "../run/adapter-under-test.ts";
import type { Rule } from "./define.ts";

async function keysOf(adapter: AdapterUnderTest, person: Parameters<AdapterUnderTest["signIn"]>[0]) {
  const identity = await adapter.signIn(person);
  return { subject: identity.subject, issuer: identity.issuer, externalId: adapter.externalId(identity) };
}

const TWIN = { name: "Same Name", login: "same-login", email: "same@example.com", email_verified: true };

function proxyAuthenticated({ connection }: AdapterUnderTest): ProxyAuthenticatedConnection {
  if (connection.kind === "proxy-authenticated") return connection;
  throw new Error("This adapter sends people away.");
}

const requestWith = (headers: Record<string, string>) => new Request(APP, { headers });

async function assertRefused(adapter: AdapterUnderTest, faults: readonly TokenFault[]) {
  for (const fault of faults) {
    const person = await adapter.provider.person();
    const request = requestWith(await adapter.provider.tokenHeaders(person, fault));
    const identified = proxyAuthenticated(adapter)
      .identify(request)
      .then((identity) => identity ?? Promise.reject(new Error(`${fault}: taken for no token at all`)));
    assert.equal((await refusalOf(identified)).code, "invalid_response", fault);
    // The refusal of one is not that of all.
    await adapter.signIn(person);
  }
}

export const identityRules: Rule[] = [
  {
    id: "ID-1",
    sentence: "a person whose name, login and e-mail change keeps the subject and the external_id",
    catches: "users who lose their figures when they change their name or address",
    needs: ["people"],
    browser: true,
    contract: async (adapter) => {
      const { provider } = adapter;
      const person = await provider.person({ login: "before" });
      const before = await keysOf(adapter, person);
      const changed = { name: "New Name", login: "after", email: "after@example.com" };
      assert.deepEqual(await keysOf(adapter, await provider.change(person, changed)), before);
    },
  },
  {
    id: "ID-2",
    sentence: "two people with one name and one e-mail have two subjects and two external_ids",
    catches: "one person reading the spend of another",
    needs: ["people"],
    browser: true,
    contract: async (adapter) => {
      const [one, two] = [await adapter.provider.person(TWIN), await adapter.provider.person(TWIN)];
      const [mine, theirs] = [await keysOf(adapter, one), await keysOf(adapter, two)];
      assert.notEqual(mine.subject, theirs.subject);
      assert.notEqual(mine.externalId, theirs.externalId);
    },
  },
  {
    id: "ID-3",
    sentence: "a person without name and e-mail can sign in",
    catches: "people with private profiles kept out",
    needs: ["people"],
    browser: true,
    contract: async (adapter) => {
      const person = await adapter.provider.person({ name: null, email: null });
      assert.equal((await adapter.signIn(person)).email, undefined);
    },
  },
  {
    id: "ID-4",
    sentence: "subject and external_id hold no e-mail, name or login",
    catches: "an account that goes to the next owner of the address or login",
    needs: ["people"],
    contract: async (adapter) => {
      const person = await adapter.provider.person({
        name: "Zelda Quux",
        login: "zquux",
        email: "zq@example.com",
      });
      const { externalId, subject: key } = await keysOf(adapter, person);
      for (const text of [externalId, key]) assert.doesNotMatch(text, /zelda|quux|zq|@example/i);
    },
  },
  {
    id: "ID-5",
    sentence: "external_id is a pure function of issuer and subject, and starts with the adapter's id",
    catches: "an external_id that changes with the profile or collides with another provider's",
    contract: async (adapter) => {
      const identity = await adapter.signIn(await adapter.provider.person());
      const { issuer, subject: key } = identity;
      const others = [
        { issuer, subject: key },
        {
          issuer,
          subject: key,
          name: "Another",
          email: "another@example.com",
          avatarUrl: "https://a.example/a",
        },
      ];
      const externalId = adapter.externalId(identity);
      for (const other of others) assert.equal(adapter.externalId(other), externalId);
      const prefix = adapter.harness.adapter.id.replaceAll(":", "-");
      assert.ok(externalId.startsWith(`${prefix}_`), `external_id does not start with ${prefix}_`);
      assert.ok(externalId.length <= 512, `external_id has ${externalId.length} characters`);
    },
  },
  {
    id: "ID-6",
    sentence: "subjects that look alike have external_ids of their own",
    catches: "an external_id cut off, lower-cased or cleaned until two people share one",
    contract: async (adapter) => {
      const { issuer } = await adapter.signIn(await adapter.provider.person());
      const { confusableSubjects } = adapter.harness;
      assert.ok(confusableSubjects.length > 1, "the harness names no subjects that look alike");
      const externalIds = confusableSubjects.map((key) => adapter.externalId({ issuer, subject: key }));
      assert.equal(new Set(externalIds).size, confusableSubjects.length, "two people share an external_id");
      if (adapter.harness.lacks.people) return;
      const signedIn = [];
      for (const key of confusableSubjects)
        signedIn.push((await adapter.signIn(await adapter.provider.person({ subject: key }))).subject);
      assert.equal(new Set(signedIn).size, confusableSubjects.length, "two people share a subject");
    },
  },
  {
    id: "ID-7",
    sentence: "issuer and subject are the provider's own, fit to be kept, and equal at each sign-in",
    catches: "an invented issuer, or a subject that is made anew",
    contract: async (adapter) => {
      const person = await adapter.provider.person();
      const [first, second] = [await adapter.signIn(person), await adapter.signIn(person)];
      assert.equal(first.issuer, adapter.provider.issuer);
      assert.equal(first.subject, person.subject);
      assert.deepEqual([second.issuer, second.subject], [first.issuer, first.subject]);
    },
  },
  {
    id: "ID-8",
    sentence: "an e-mail is told when the provider says that it is verified, and not otherwise",
    catches: "an address shown, and believed, that is another person's",
    needs: ["people", "email"],
    contract: async (adapter) => {
      const details = { email: "unproved@example.com", email_verified: false };
      const identity = await adapter.signIn(await adapter.provider.person(details));
      assert.doesNotMatch(JSON.stringify(identity), /unproved/);
      const proved = { email: "proved@example.com", email_verified: true };
      assert.equal((await adapter.signIn(await adapter.provider.person(proved))).email, proved.email);
    },
  },
  {
    id: "ID-9",
    sentence: "a request without a token signs no user in, without an error",
    catches: "a page that fails instead of asking to sign in",
    needs: ["proxy_authenticated"],
    contract: async (adapter) => {
      assert.equal(await proxyAuthenticated(adapter).identify(requestWith({})), null);
      assert.equal(
        await proxyAuthenticated(adapter).identify(requestWith({ cookie: "session=eyJ.eyJ.x" })),
        null,
      );
    },
  },
  {
    id: "ID-10",
    sentence: "a token that is unsigned, forged or changed is refused",
    catches: "any client that can write JSON signing in as any user",
    needs: ["proxy_authenticated"],
    contract: (adapter) => assertRefused(adapter, FORGED_TOKENS),
  },
  {
    id: "ID-11",
    sentence:
      "a token that has expired, never expires, is from the future, for or from others, or of another kind is refused",
    catches: "a JWT of another app or of last year",
    needs: ["proxy_authenticated"],
    contract: (adapter) => assertRefused(adapter, MISUSED_TOKENS),
  },
  {
    id: "ID-12",
    sentence: "what is logged of a refused token holds nothing of it",
    catches: "tokens in the log, usable by every reader of it",
    needs: ["proxy_authenticated"],
    contract: async (adapter) => {
      const person = await adapter.provider.person({ name: "Canary Name" });
      for (const fault of [...FORGED_TOKENS, ...MISUSED_TOKENS]) {
        const headers = await adapter.provider.tokenHeaders(person, fault);
        const identified = proxyAuthenticated(adapter)
          .identify(requestWith(headers))
          .then((identity) => identity ?? Promise.reject(new Error("no user")));
        const text = await refusalText(identified);
        for (const part of [
          person.subject,
          "Canary",
          ...Object.values(headers).flatMap((cookie) => cookie.split(/[.=]/).slice(1)),
        ])
          assert.ok(
            part === "" || !text.includes(part),
            `${fault}: a part of the token is in the error's text`,
          );
      }
    },
  },
];
