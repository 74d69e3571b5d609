/**
 * Every adapter that is held to the rules: `demo`, which is its own provider, and those whose provider has a mock. A
 * test fails when the registry has one that is not here.
 */
import { registry } from "#adapters/registry.ts";
import { identityMocks } from "#mocks/providers.ts";
import type { Harness } from "../harness.ts";
import { demoHarness } from "./demo.ts";
import { mockedHarness } from "./mocked.ts";

const harnessOf = (adapterId: string): Harness | undefined => {
  const adapter = registry.find(adapterId);
  const mock = identityMocks.find((candidate) => candidate.adapterId === adapterId);
  return adapter && mock && mockedHarness(adapter, mock);
};

export const harnesses: readonly Harness[] = [
  demoHarness,
  ...identityMocks.flatMap(({ adapterId }) => harnessOf(adapterId) ?? []),
];
