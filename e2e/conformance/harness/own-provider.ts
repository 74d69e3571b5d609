/** The harness of an adapter that is its own provider, and knows fixed people. */
import type { AuthAdapter } from "#adapters/adapter.ts";
import type { IdentityMock } from "#mocks/identity/parts/mock.ts";
import type { Harness } from "../harness.ts";

export const ownProviderHarness = (adapter: AuthAdapter, mock: IdentityMock): Harness => ({
  adapter,
  lacks: mock.lacks,
  startPath: ({ id }) => `/auth/${adapter.id}?choice=${id}`,
  confusableSubjects: mock.confusableSubjects,
  async start({ callbackUrl }) {
    let next = 0;
    const fixed = (): Promise<never> => Promise.reject(new Error(mock.lacks.people));
    return {
      env: mock.env(callbackUrl.origin, { clientId: "", clientSecret: "", redirectUris: [] }),
      issuer: mock.issuer(callbackUrl.origin),
      person: async () => mock.people?.[next++ % mock.people.length] ?? fixed(),
      change: fixed,
      enter: (url) => Promise.resolve(url),
      tokenHeaders: fixed,
      fault: fixed,
      received: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
  },
});
