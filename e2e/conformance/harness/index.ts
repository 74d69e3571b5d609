/** Every adapter that is held to the rules. A test fails when the registry has one that is not here. */
import { registry } from "#adapters/registry.ts";
import { identityMocks } from "#mocks/providers.ts";
import type { Harness } from "../harness.ts";
import { mockedHarness } from "./mocked.ts";
import { ownProviderHarness } from "./own-provider.ts";

export const harnesses: readonly Harness[] = identityMocks.flatMap((mock) => {
  const adapter = registry.find(mock.adapterId);
  if (!adapter) return [];
  return mock.start ? mockedHarness(adapter, mock) : ownProviderHarness(adapter, mock);
});
