import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registry } from "#adapters/registry.ts";
import { harnesses } from "../harness/index.ts";
import { applicableChecks } from "./checks.ts";
import { openSubject, type Subject } from "./subject.ts";

/** Each takes a fraction of a second, unless the machine is busy with something else. */
const TIMEOUT_MS = 30_000;

it("has a harness for every adapter of the registry", () => {
  const ids = registry.all.map(({ id }) => id);
  expect(harnesses.map(({ adapter }) => adapter.id)).toEqual(expect.arrayContaining(ids));
});

describe.each(harnesses.map((harness) => [harness.adapter.id, harness] as const))("%s", (_id, harness) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await openSubject(harness);
  }, TIMEOUT_MS);
  afterAll(() => subject.provider.close());

  it.each(applicableChecks(harness).map(({ rule, check }) => [rule.id, rule.sentence, check] as const))(
    "%s %s",
    async (_rule, _sentence, check) => {
      await check(subject);
    },
    TIMEOUT_MS,
  );
});
