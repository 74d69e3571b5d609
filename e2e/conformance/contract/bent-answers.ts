/** CB: answers that are bent, which must be refused without the provider being asked about them. */
import { assert, type Check } from "./check.ts";
import { type Answer, leave, refusalOf, type Subject, tokenRequests } from "./subject.ts";

const SCAM = "Call 555-0100 and read out your password";

/** A right answer, bent: it must end with this code, and without a request to the token endpoint. */
async function assertRefused(subject: Subject, code: RegExp, bend: (answer: Answer) => Answer) {
  const attempt = await leave(subject, await subject.provider.person());
  const answer = bend(await attempt.answer());
  const before = (await tokenRequests(subject)).length;
  const refusal = await refusalOf(attempt.comeBack(answer));
  assert.match(refusal.code, code);
  assert.equal((await tokenRequests(subject)).length, before, "the provider was asked all the same");
  return refusal;
}

const without = (answer: Answer, ...names: string[]) =>
  Object.fromEntries(Object.entries(answer).filter(([name]) => !names.includes(name)));

export const bentAnswerChecks: Record<string, Check> = {
  "CB-2": async (subject) => {
    await assertRefused(subject, /^invalid_state$/, (answer) => without(answer, "state"));
    await assertRefused(subject, /^invalid_state$/, (answer) => ({ ...answer, state: "" }));
  },

  "CB-3": async (subject) => {
    await assertRefused(subject, /^invalid_state$/, (answer) => ({ ...answer, state: "w".repeat(43) }));
    // The attacker's own right answer, in a browser that has an attempt of its own.
    const [attacker, victim] = [await subject.provider.person(), await subject.provider.person()];
    const planted = await (await leave(subject, attacker)).answer();
    const attempt = await leave(subject, victim);
    assert.equal((await refusalOf(attempt.comeBack(planted))).code, "invalid_state");
  },

  "CB-6": async (subject) => {
    const refusal = await assertRefused(subject, /^access_denied$|^invalid_response$/, (answer) => ({
      ...without(answer, "code"),
      error: "access_denied",
      error_description: SCAM,
      error_uri: "https://evil.example/unlock",
    }));
    if (!subject.harness.lacks.provider) assert.equal(refusal.code, "access_denied");
    assert.doesNotMatch(refusal.text, /555|evil/);
  },

  "CB-7": async (subject) => {
    for (const state of [{}, { state: "w".repeat(43) }] as Answer[]) {
      const refusal = await assertRefused(subject, /^invalid_state$/, () => ({
        ...state,
        error: "access_denied",
        error_description: SCAM,
      }));
      assert.doesNotMatch(refusal.text, /555/);
    }
  },

  "CB-8": async (subject) => {
    for (const iss of ["https://evil.example", "https://evil.example/login/oauth", ""])
      await assertRefused(subject, /^invalid_response$/, (answer) => ({ ...answer, iss }));
  },

  "CB-15": async (subject) => {
    await assertRefused(subject, /^invalid_response$/, (answer) => without(answer, "code"));
  },

  "CB-18": async (subject) => {
    await assertRefused(subject, /^invalid_response$/, (answer) => without(answer, "iss"));
  },
};
