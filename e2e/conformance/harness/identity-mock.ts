/** The control API that the mock identity providers share, as a harness needs it. */
import { randomInt } from "node:crypto";
import type { Client } from "#mocks/identity/clients.ts";
import type { Entry } from "#mocks/identity/received.ts";
import type { Served } from "#mocks/serve.ts";
import { control } from "../../control/http.ts";
import type { Person, Registered, RunningProvider } from "../harness.ts";
import { enter } from "./provider-page.ts";

/** How one mock differs from the others. */
export interface MockDialect {
  start(options: { port: number; clients: Client[] }): Promise<Served>;
  env(url: string, registered: Registered): Record<string, string>;
  issuer(url: string): string;
  /** Makes a subject of this provider from a number that is used once. */
  subject(unique: number): string;
}

export async function runMock(dialect: MockDialect, registered: Registered): Promise<RunningProvider> {
  const { clientId, clientSecret, callbackUrl } = registered;
  const client = { clientId, clientSecret, redirectUris: [callbackUrl.href] };
  const { url, close } = await dialect.start({ port: 0, clients: [client] });
  const put = async (person: Person) => {
    await control(url, "POST", "/personas", person);
    return person;
  };
  return {
    env: dialect.env(url, registered),
    issuer: dialect.issuer(url),
    person(details = {}) {
      const unique = randomInt(10_000_000, 2 ** 40);
      return put({
        id: `p${unique}`,
        subject: dialect.subject(unique),
        name: `Person ${unique}`,
        email: `mail-${unique}@example.com`,
        email_verified: true,
        ...details,
      });
    },
    change: (person, details) => put({ ...person, ...details }),
    enter: (address, { id }) => enter(address, id),
    prove: () => Promise.reject(new Error("This provider puts no proof on requests.")),
    fault: async ({ id }, fault) => {
      await control(url, "POST", "/faults", { persona: id, fault });
    },
    received: async () => (await control<{ requests: Entry[] }>(url, "GET", "/requests?since=0")).requests,
    close,
  };
}
