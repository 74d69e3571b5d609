/** The harness of an adapter whose provider has a mock. */
import { randomInt } from "node:crypto";
import type { AuthAdapter } from "#adapters/adapter.ts";
import type { IdentityMock } from "#mocks/identity/parts/mock.ts";
import type { Entry } from "#mocks/identity/parts/provider.ts";
import { control } from "../../control/http.ts";
import type { Harness, Person, Registered, RunningProvider } from "../harness.ts";
import { enter } from "./provider-page.ts";

export const mockedHarness = (adapter: AuthAdapter, mock: IdentityMock): Harness => ({
  adapter,
  lacks: mock.lacks,
  confusableSubjects: mock.confusableSubjects,
  ...(mock.idTokenFaults && { idTokenFaults: mock.idTokenFaults }),
  start: (registered) => run(mock, registered),
});

async function run(mock: IdentityMock, registered: Registered): Promise<RunningProvider> {
  const { clientId, clientSecret, callbackUrl } = registered;
  const client = {
    clientId,
    clientSecret,
    redirectUris: [callbackUrl.href],
    logoutUrls: [new URL("/sign-in", callbackUrl).href],
  };
  const served = await mock.start?.({ port: 0, clients: [client] });
  if (!served) throw new Error(`${mock.adapterId} has no provider to start.`);
  const { url, close } = served;
  // Where the request carries the proof, there is nobody to tell who somebody is: the proof says it all.
  const put = async (person: Person) => {
    if (!mock.lacks.redirect) await control(url, "POST", "/personas", person);
    return person;
  };
  return {
    env: mock.env(url, client),
    issuer: mock.issuer(url),
    person(details = {}) {
      const unique = randomInt(10_000_000, 2 ** 40);
      return put({
        id: `p${unique}`,
        subject: mock.subject(unique),
        name: `Person ${unique}`,
        email: `mail-${unique}@example.com`,
        email_verified: true,
        ...details,
      });
    },
    change: (person, details) => put({ ...person, ...details }),
    enter: (address, { id }) => enter(address, id),
    async tokenHeaders(person, fault) {
      if (!mock.tokenCookie) throw new Error("This provider puts no token on requests.");
      const { name, value } = await mock.tokenCookie(url, person, fault);
      return { cookie: `${name}=${value}` };
    },
    fault: async ({ id }, fault) => {
      await control(url, "POST", "/faults", { persona: id, fault });
    },
    received: async () =>
      mock.lacks.provider
        ? []
        : (await control<{ requests: Entry[] }>(url, "GET", "/requests?since=0")).requests,
    close,
  };
}
