/** ID, for proofs that are on the request. */
import type { AmbientConnection } from "#adapters/adapter.ts";
import { FORGED_TOKENS, MISUSED_TOKENS, type TokenFault } from "#mocks/identity/parts/mock.ts";
import { assert, type Check } from "./check.ts";
import { APP, refusalOf, refusalText, type Subject } from "./subject.ts";

function ambient({ connection }: Subject): AmbientConnection {
  if (connection.kind === "ambient") return connection;
  throw new Error("This adapter sends people away.");
}

const requestWith = (headers: Record<string, string>) => new Request(APP, { headers });

async function assertRefused(subject: Subject, faults: readonly TokenFault[]) {
  for (const fault of faults) {
    const person = await subject.provider.person();
    const request = requestWith(await subject.provider.tokenHeaders(person, fault));
    const identified = ambient(subject)
      .identify(request)
      .then((identity) => identity ?? Promise.reject(new Error(`${fault}: taken for no proof at all`)));
    assert.equal((await refusalOf(identified)).code, "invalid_response", fault);
    // The refusal of one is not that of all.
    await subject.signIn(person);
  }
}

export const ambientChecks: Record<string, Check> = {
  "ID-9": async (subject) => {
    assert.equal(await ambient(subject).identify(requestWith({})), null);
    assert.equal(await ambient(subject).identify(requestWith({ cookie: "session=eyJ.eyJ.x" })), null);
  },

  "ID-10": (subject) => assertRefused(subject, FORGED_TOKENS),

  "ID-11": (subject) => assertRefused(subject, MISUSED_TOKENS),

  "ID-12": async (subject) => {
    const person = await subject.provider.person({ name: "Canary Name" });
    for (const fault of [...FORGED_TOKENS, ...MISUSED_TOKENS]) {
      const headers = await subject.provider.tokenHeaders(person, fault);
      const identified = ambient(subject)
        .identify(requestWith(headers))
        .then((identity) => identity ?? Promise.reject(new Error("nobody")));
      const text = await refusalText(identified);
      for (const part of [
        person.subject,
        "Canary",
        ...Object.values(headers).flatMap((cookie) => cookie.split(/[.=]/).slice(1)),
      ])
        assert.ok(
          part === "" || !text.includes(part),
          `${fault}: a part of the proof is in the error's text`,
        );
    }
  },
};
