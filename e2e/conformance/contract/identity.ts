/** ID: who somebody is, whichever way they come. */
import { assert, type Check } from "./check.ts";
import type { Subject } from "./subject.ts";

async function keysOf(subject: Subject, person: Parameters<Subject["signIn"]>[0]) {
  const identity = await subject.signIn(person);
  return { subject: identity.subject, issuer: identity.issuer, externalId: subject.externalId(identity) };
}

const TWIN = { name: "Same Name", login: "same-login", email: "same@example.com", email_verified: true };

export const identityChecks: Record<string, Check> = {
  "ID-1": async (subject) => {
    const { provider } = subject;
    const person = await provider.person({ login: "before" });
    const before = await keysOf(subject, person);
    const changed = { name: "New Name", login: "after", email: "after@example.com" };
    assert.deepEqual(await keysOf(subject, await provider.change(person, changed)), before);
  },

  "ID-2": async (subject) => {
    const [one, two] = [await subject.provider.person(TWIN), await subject.provider.person(TWIN)];
    const [mine, theirs] = [await keysOf(subject, one), await keysOf(subject, two)];
    assert.notEqual(mine.subject, theirs.subject);
    assert.notEqual(mine.externalId, theirs.externalId);
  },

  "ID-3": async (subject) => {
    const person = await subject.provider.person({ name: null, email: null });
    assert.equal((await subject.signIn(person)).email, undefined);
  },

  "ID-4": async (subject) => {
    const person = await subject.provider.person({
      name: "Zelda Quux",
      login: "zquux",
      email: "zq@example.com",
    });
    const { externalId, subject: key } = await keysOf(subject, person);
    for (const text of [externalId, key]) assert.doesNotMatch(text, /zelda|quux|zq|@example/i);
  },

  "ID-5": async (subject) => {
    const identity = await subject.signIn(await subject.provider.person());
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
    const externalId = subject.externalId(identity);
    for (const other of others) assert.equal(subject.externalId(other), externalId);
    const prefix = subject.harness.adapter.id.replaceAll(":", "-");
    assert.ok(externalId.startsWith(`${prefix}_`), `external_id does not start with ${prefix}_`);
    assert.ok(externalId.length <= 512, `external_id has ${externalId.length} characters`);
  },

  "ID-6": async (subject) => {
    const { issuer } = await subject.signIn(await subject.provider.person());
    const { confusableSubjects } = subject.harness;
    assert.ok(confusableSubjects.length > 1, "the harness names no subjects that look alike");
    const externalIds = confusableSubjects.map((key) => subject.externalId({ issuer, subject: key }));
    assert.equal(new Set(externalIds).size, confusableSubjects.length, "two people share an external_id");
    if (subject.harness.lacks.people) return;
    const signedIn = [];
    for (const key of confusableSubjects)
      signedIn.push((await subject.signIn(await subject.provider.person({ subject: key }))).subject);
    assert.equal(new Set(signedIn).size, confusableSubjects.length, "two people share a subject");
  },

  "ID-7": async (subject) => {
    const person = await subject.provider.person();
    const [first, second] = [await subject.signIn(person), await subject.signIn(person)];
    assert.equal(first.issuer, subject.provider.issuer);
    assert.equal(first.subject, person.subject);
    assert.deepEqual([second.issuer, second.subject], [first.issuer, first.subject]);
  },

  "ID-8": async (subject) => {
    const details = { email: "unproved@example.com", email_verified: false };
    const identity = await subject.signIn(await subject.provider.person(details));
    assert.doesNotMatch(JSON.stringify(identity), /unproved/);
    const proved = { email: "proved@example.com", email_verified: true };
    assert.equal((await subject.signIn(await subject.provider.person(proved))).email, proved.email);
  },
};
