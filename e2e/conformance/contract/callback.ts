/** CB: what a right answer leads to, and what else may not. */
import { assert, type Check } from "./check.ts";
import {
  type Answer,
  assertIs,
  Browser,
  CLIENT,
  leave,
  refusalOf,
  refusalText,
  tokenRequests,
} from "./subject.ts";

export const callbackChecks: Record<string, Check> = {
  "CB-1": async (subject) => {
    const { harness, provider } = subject;
    const person = await provider.person();
    const attempt = await leave(subject, person);
    const answer = await attempt.answer();
    const before = (await tokenRequests(subject)).length;
    const identity = await attempt.comeBack(answer);
    assert.equal((await tokenRequests(subject)).length - before, harness.lacks.provider ? 0 : 1);
    assert.equal(attempt.browser.cookies.size, 0, "the attempt is still in the browser");
    await assertIs(subject, identity, person);
    if (person.name) assert.equal(identity.name, person.name);
  },

  "CB-4": async (subject) => {
    const person = await subject.provider.person();
    const attempt = await leave(subject, person);
    const other = await leave({ ...subject, host: () => subject.otherHost() }, person);
    // The cookies of the other adapter's attempt, with its state, at this adapter's callback.
    const answer = { ...(await attempt.answer()), state: other.asked.searchParams.get("state") ?? "" };
    assert.equal((await refusalOf(attempt.comeBack(answer, other.browser))).code, "invalid_state");
  },

  "CB-5": async (subject) => {
    const attempt = await leave(subject, await subject.provider.person());
    const answer = await attempt.answer();
    await attempt.comeBack(answer);
    const before = (await tokenRequests(subject)).length;
    assert.equal((await refusalOf(attempt.comeBack(answer))).code, "invalid_state");
    assert.equal((await tokenRequests(subject)).length, before, "the provider was asked again");
  },

  "CB-9": async (subject) => {
    for (const fault of ["token_500", "token_error_200", "token_redirect", "token_garbage"]) {
      const person = await subject.provider.person();
      await subject.provider.fault(person, fault);
      const refusal = await refusalOf(subject.signIn(person));
      assert.match(refusal.code, /^(provider_unavailable|invalid_response)$/, fault);
      assert.doesNotMatch(refusal.text, /upstream failure|text of the provider/, fault);
      // The fault is over, and so is its effect.
      await subject.signIn(person);
    }
  },

  "CB-10": async (subject) => {
    await subject.signIn(await subject.provider.person());
    const request = (await tokenRequests(subject)).at(-1);
    assert.equal(request?.pkce, "matched");
    assert.equal(request?.redirect_uri, subject.registered.callbackUrl.href);
    assert.equal(request?.client_id, CLIENT.clientId);
  },

  "CB-11": async (subject) => {
    const { provider } = subject;
    const browser = new Browser();
    const people = [await provider.person(), await provider.person()];
    const tabs = [];
    for (const person of people) tabs.push({ person, attempt: await leave(subject, person, browser) });
    for (const { person, attempt } of tabs.reverse())
      await assertIs(subject, await attempt.comeBack(await attempt.answer()), person);
  },

  "CB-12": async (subject) => {
    const attempt = await leave(subject, await subject.provider.person());
    const answer = await attempt.answer();
    const { state = "" } = answer;
    const { id } = subject.harness.adapter;
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
    assert.equal((await refusalOf(attempt.comeBack(answer, victim))).code, "invalid_state");
  },

  "CB-13": async (subject) => {
    const attempt = await leave(subject, await subject.provider.person());
    // A code that nobody gave out: the provider refuses, and its refusal is what gets logged.
    const answer: Answer = { ...(await attempt.answer()), code: "code-canary-5d0e" };
    const text = await refusalText(attempt.comeBack(answer));
    for (const secret of [answer["state"] ?? "", "code-canary-5d0e", CLIENT.clientSecret])
      assert.ok(!text.includes(secret), "a credential is in the error's text");
  },

  "CB-14": async (subject) => {
    for (const fault of subject.harness.idTokenFaults ?? []) {
      const person = await subject.provider.person();
      await subject.provider.fault(person, fault);
      assert.equal((await refusalOf(subject.signIn(person))).code, "invalid_response", fault);
    }
  },

  "CB-16": async (subject) => {
    const [person, other] = [await subject.provider.person(), await subject.provider.person()];
    const attempt = await leave(subject, person);
    const claimed = {
      sub: other.subject,
      subject: other.subject,
      id: other.subject,
      user: other.id,
      login: other.id,
      choice: other.id,
    };
    await assertIs(subject, await attempt.comeBack({ ...claimed, ...(await attempt.answer()) }), person);
  },

  "CB-17": async (subject) => {
    const attempt = await leave(subject, await subject.provider.person());
    const answer = { ...(await attempt.answer()), code: "0123456789abcdef" };
    assert.match(
      (await refusalOf(attempt.comeBack(answer))).code,
      /^(provider_unavailable|invalid_response)$/,
    );
  },
};
