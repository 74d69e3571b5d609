import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registry } from "#adapters/registry.ts";
import { applicableRules } from "./adapter.ts";
import { type AdapterUnderTest, openAdapter } from "./adapter-under-test.ts";
import { harnesses } from "./harness.ts";

/** Each takes a fraction of a second, unless the machine is busy with something else. */
const TIMEOUT_MS = 30_000;

it("has a harness for every adapter of the registry", () => {
  const ids = registry.all.map(({ id }) => id);
  expect(harnesses.map(({ adapter }) => adapter.id)).toEqual(expect.arrayContaining(ids));
});

describe.each(harnesses.map((harness) => [harness.adapter.id, harness] as const))("%s", (_id, harness) => {
  let adapter: AdapterUnderTest;
  beforeAll(async () => {
    adapter = await openAdapter(harness);
  }, TIMEOUT_MS);
  afterAll(() => adapter.provider.close());

  it.each(applicableRules(harness).map(({ id, sentence, contract }) => [id, sentence, contract] as const))(
    "%s %s",
    async (_rule, _sentence, contract) => {
      await contract(adapter);
    },
    TIMEOUT_MS,
  );
});
