/** CB: coming back from the provider. */
import assert from "node:assert/strict";
import {
  type AdapterUnderTest,
  type Answer,
  assertIs,
  Browser,
  CLIENT,
  refusalOf,
  refusalText,
  startAttempt,
  tokenRequests,
} from "../run/adapter-under-test.ts";
import type { AppUnderTest } from "../run/app-under-test.ts";
import { newCookies } from "../run/http.ts";
import { demand } from "../run/outcome.ts";
import type { Rule } from "./define.ts";

const SCAM = "Call 555-0100 and read out your password";

/** A right answer, tampered with: it must end with this code, and without a request to the token endpoint. */
async function assertRefused(adapter: AdapterUnderTest, code: RegExp, bend: (answer: Answer) => Answer) {
  const attempt = await startAttempt(adapter, await adapter.provider.person());
  const answer = bend(await attempt.answer());
  const before = (await tokenRequests(adapter)).length;
  const refusal = await refusalOf(attempt.finish(answer));
  assert.match(refusal.code, code);
  assert.equal((await tokenRequests(adapter)).length, before, "the provider was asked all the same");
  return refusal;
}

const without = (answer: Answer, ...names: string[]) =>
  Object.fromEntries(Object.entries(answer).filter(([name]) => !names.includes(name)));

/** The answer signs no user in, stays on the site, and repeats nothing of the address. */
async function assertCallbackRefused(app: AppUnderTest, query: Record<string, string>) {
  const path = `/auth/${await app.signInId()}/callback?${new URLSearchParams(query)}`;
  const reply = await app.client.send("GET", path);
  demand(reply.status < 500, `the callback answered ${reply.status}`);
  demand(newCookies(reply).length === 0, "the callback set a cookie");
  demand(
    reply.location === null || reply.location.origin === app.origin,
    "the callback leads to another site",
  );
  demand(!reply.location?.pathname.startsWith(app.routes.dashboard), "the callback leads to the dashboard");
  const page =
    reply.location && (await app.client.send("GET", reply.location.pathname + reply.location.search));
  for (const text of [reply.text, reply.location?.search ?? "", page?.text ?? ""])
    demand(!text.includes("555-0100"), "the page says what the address says");
}

export const callbackRules: Rule[] = [
  {
    id: "CB-1",
    sentence:
      "a right answer signs in the right person, with one request to the token endpoint, and ends the attempt",
    catches: "an adapter that cannot sign in, or asks twice",
    needs: ["redirect"],
    browser: true,
    contract: async (adapter) => {
      const { harness, provider } = adapter;
      const person = await provider.person();
      const attempt = await startAttempt(adapter, person);
      const answer = await attempt.answer();
      const before = (await tokenRequests(adapter)).length;
      const identity = await attempt.finish(answer);
      assert.equal((await tokenRequests(adapter)).length - before, harness.lacks.provider ? 0 : 1);
      assert.equal(attempt.browser.cookies.size, 0, "the attempt is still in the browser");
      await assertIs(adapter, identity, person);
      if (person.name) assert.equal(identity.name, person.name);
    },
  },
  {
    id: "CB-2",
    sentence: "an answer without a state is refused before the provider is asked",
    catches: "login CSRF by leaving the state out",
    needs: ["redirect"],
    contract: async (adapter) => {
      await assertRefused(adapter, /^invalid_state$/, (answer) => without(answer, "state"));
      await assertRefused(adapter, /^invalid_state$/, (answer) => ({ ...answer, state: "" }));
    },
    app: {
      profile: "tutorial",
      fix: "refuse a callback whose state is missing",
      check: (app) => assertCallbackRefused(app, { code: "x" }),
    },
  },
  {
    id: "CB-3",
    sentence: "an answer with another state is refused before the provider is asked",
    catches: "login CSRF with the attacker's own code",
    needs: ["redirect"],
    contract: async (adapter) => {
      await assertRefused(adapter, /^invalid_state$/, (answer) => ({ ...answer, state: "w".repeat(43) }));
      // The attacker's own right answer, in a browser that has an attempt of its own.
      const [attacker, victim] = [await adapter.provider.person(), await adapter.provider.person()];
      const planted = await (await startAttempt(adapter, attacker)).answer();
      const attempt = await startAttempt(adapter, victim);
      assert.equal((await refusalOf(attempt.finish(planted))).code, "invalid_state");
    },
    app: {
      profile: "tutorial",
      fix: "compare the state with the one in this browser's cookie",
      check: (app) => assertCallbackRefused(app, { code: "x", state: "w".repeat(43) }),
    },
  },
  {
    id: "CB-4",
    sentence: "an attempt started with one adapter cannot be finished with another",
    catches: "a mix-up of two providers",
    needs: ["redirect"],
    contract: async (adapter) => {
      const person = await adapter.provider.person();
      const attempt = await startAttempt(adapter, person);
      const other = await startAttempt({ ...adapter, host: () => adapter.otherHost() }, person);
      // The cookies of the other adapter's attempt, with its state, at this adapter's callback.
      const answer = { ...(await attempt.answer()), state: other.asked.searchParams.get("state") ?? "" };
      assert.equal((await refusalOf(attempt.finish(answer, other.browser))).code, "invalid_state");
    },
  },
  {
    id: "CB-5",
    sentence:
      "an answer counts once: a second time, no request goes to the provider and no user is signed in",
    catches: "a replayed callback from a history or a log",
    needs: ["redirect"],
    browser: true,
    contract: async (adapter) => {
      const attempt = await startAttempt(adapter, await adapter.provider.person());
      const answer = await attempt.answer();
      await attempt.finish(answer);
      const before = (await tokenRequests(adapter)).length;
      assert.equal((await refusalOf(attempt.finish(answer))).code, "invalid_state");
      assert.equal((await tokenRequests(adapter)).length, before, "the provider was asked again");
    },
  },
  {
    id: "CB-6",
    sentence: "a refusal of the person is told as access_denied, without a word of the provider's",
    catches: "a scam's telephone number on our page",
    needs: ["redirect", "provider"],
    browser: true,
    contract: async (adapter) => {
      const refusal = await assertRefused(adapter, /^access_denied$|^invalid_response$/, (answer) => ({
        ...without(answer, "code"),
        error: "access_denied",
        error_description: SCAM,
        error_uri: "https://evil.example/unlock",
      }));
      if (!adapter.harness.lacks.provider) assert.equal(refusal.code, "access_denied");
      assert.doesNotMatch(refusal.text, /555|evil/);
    },
  },
  {
    id: "CB-7",
    sentence: "an error without an attempt of this browser is invalid_state, without a word of it",
    catches: "a link that makes our page say what its sender wants",
    needs: ["redirect"],
    contract: async (adapter) => {
      for (const state of [{}, { state: "w".repeat(43) }] as Answer[]) {
        const refusal = await assertRefused(adapter, /^invalid_state$/, () => ({
          ...state,
          error: "access_denied",
          error_description: SCAM,
        }));
        assert.doesNotMatch(refusal.text, /555/);
      }
    },
    app: {
      profile: "tutorial",
      fix: "show words of your own, never those of the address",
      async check(app) {
        const scam = { error: "access_denied", error_description: SCAM };
        await assertCallbackRefused(app, scam);
        await assertCallbackRefused(app, { ...scam, error: SCAM, state: "w".repeat(43) });
      },
    },
  },
  {
    id: "CB-8",
    sentence: "an answer that names another issuer is refused before the code is sent anywhere",
    catches: "a mix-up attack (RFC 9207)",
    needs: ["redirect", "iss"],
    contract: async (adapter) => {
      for (const iss of ["https://evil.example", "https://evil.example/login/oauth", ""])
        await assertRefused(adapter, /^invalid_response$/, (answer) => ({ ...answer, iss }));
    },
  },
  {
    id: "CB-9",
    sentence: "a token endpoint that fails, says error with 200 or redirects signs no user in",
    catches: "an error taken for a token",
    needs: ["redirect", "provider"],
    contract: async (adapter) => {
      for (const fault of ["token_500", "token_error_200", "token_redirect", "token_garbage"]) {
        const person = await adapter.provider.person();
        await adapter.provider.fault(person, fault);
        const refusal = await refusalOf(adapter.signIn(person));
        assert.match(refusal.code, /^(provider_unavailable|invalid_response)$/, fault);
        assert.doesNotMatch(refusal.text, /upstream failure|text of the provider/, fault);
        // The fault is over, and so is its effect.
        await adapter.signIn(person);
      }
    },
  },
  {
    id: "CB-10",
    sentence: "the token endpoint receives the verifier of this attempt and the same redirect_uri",
    catches: "PKCE that is asked for and not used",
    needs: ["redirect", "pkce"],
    contract: async (adapter) => {
      await adapter.signIn(await adapter.provider.person());
      const request = (await tokenRequests(adapter)).at(-1);
      assert.equal(request?.pkce, "matched");
      assert.equal(request?.redirect_uri, adapter.registered.callbackUrl.href);
      assert.equal(request?.client_id, CLIENT.clientId);
    },
  },
  {
    id: "CB-11",
    sentence: "two tabs of one browser both finish, the first one last",
    catches: "a second tab that overwrites the attempt of the first",
    needs: ["redirect"],
    contract: async (adapter) => {
      const { provider } = adapter;
      const browser = new Browser();
      const people = [await provider.person(), await provider.person()];
      const tabs = [];
      for (const person of people)
        tabs.push({ person, attempt: await startAttempt(adapter, person, browser) });
      for (const { person, attempt } of tabs.reverse())
        await assertIs(adapter, await attempt.finish(await attempt.answer()), person);
    },
  },
  {
    id: "CB-12",
    sentence: "cookies that were planted do not stand for an attempt",
    catches: "cookies found by prefix, or believed because they are there",
    needs: ["redirect"],
    contract: async (adapter) => {
      const attempt = await startAttempt(adapter, await adapter.provider.person());
      const answer = await attempt.answer();
      const { state = "" } = answer;
      const { id } = adapter.harness.adapter;
      const victim = new Browser();
      for (const name of [
        ...attempt.browser.cookies.keys(),
        "state",
        id,
        `${id}:${state}`,
        `oauth2:${state}`,
        `flow-${state}`,
      ])
        victim.cookies.set(name, `state=${state}&codeVerifier=${"v".repeat(43)}`);
      assert.equal((await refusalOf(attempt.finish(answer, victim))).code, "invalid_state");
    },
  },
  {
    id: "CB-13",
    sentence: "what is logged of a failure holds no code, state, verifier or secret",
    catches: "credentials in the log",
    needs: ["redirect"],
    contract: async (adapter) => {
      const attempt = await startAttempt(adapter, await adapter.provider.person());
      // A code that was never issued: the provider refuses, and its refusal is what gets logged.
      const answer: Answer = { ...(await attempt.answer()), code: "code-canary-5d0e" };
      const text = await refusalText(attempt.finish(answer));
      for (const secret of [answer["state"] ?? "", "code-canary-5d0e", CLIENT.clientSecret])
        assert.ok(!text.includes(secret), "a credential is in the error's text");
    },
  },
  {
    id: "CB-14",
    sentence:
      "an id_token that is unsigned, forged, expired, from the future, for others or another kind of token is refused",
    catches: "an id_token that is decoded and not verified",
    needs: ["redirect", "id_token"],
    contract: async (adapter) => {
      for (const fault of adapter.harness.idTokenFaults ?? []) {
        const person = await adapter.provider.person();
        await adapter.provider.fault(person, fault);
        assert.equal((await refusalOf(adapter.signIn(person))).code, "invalid_response", fault);
      }
    },
  },
  {
    id: "CB-15",
    sentence: "an answer with neither code nor error is refused before the provider is asked",
    catches: "an adapter that starts again for ever, or asks with an empty code",
    needs: ["redirect"],
    contract: async (adapter) => {
      await assertRefused(adapter, /^invalid_response$/, (answer) => without(answer, "code"));
    },
  },
  {
    id: "CB-16",
    sentence: "what the callback's address says about the person counts for nothing",
    catches: "signing in as any user by editing the address",
    needs: ["redirect"],
    contract: async (adapter) => {
      const [person, other] = [await adapter.provider.person(), await adapter.provider.person()];
      const attempt = await startAttempt(adapter, person);
      const claimed = {
        sub: other.subject,
        subject: other.subject,
        id: other.subject,
        user: other.id,
        login: other.id,
        choice: other.id,
      };
      await assertIs(adapter, await attempt.finish({ ...claimed, ...(await attempt.answer()) }), person);
    },
  },
  {
    id: "CB-17",
    sentence: "a code that the provider did not give out signs no user in",
    catches: "a person taken from something else than the code",
    needs: ["redirect"],
    contract: async (adapter) => {
      const attempt = await startAttempt(adapter, await adapter.provider.person());
      const answer = { ...(await attempt.answer()), code: "0123456789abcdef" };
      assert.match(
        (await refusalOf(attempt.finish(answer))).code,
        /^(provider_unavailable|invalid_response)$/,
      );
    },
  },
  {
    id: "CB-18",
    sentence:
      "where the provider always names itself, an answer that does not is refused before the code is sent anywhere",
    catches: "a mix-up attack by a provider that leaves its name out",
    needs: ["redirect", "iss_always"],
    contract: async (adapter) => {
      await assertRefused(adapter, /^invalid_response$/, (answer) => without(answer, "iss"));
    },
  },
];
