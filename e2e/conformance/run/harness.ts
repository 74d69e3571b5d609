/**
 * How the suite drives one adapter: its variables, its running provider, and who can sign in there. It is made from
 * the provider's mock (`mocks/identity/<adapter>.ts`), so that adding an adapter adds nothing here.
 */
import { randomInt } from "node:crypto";
import { parseSetCookie, stringifyCookie } from "cookie";
import type { AuthAdapter } from "#adapters/adapter.ts";
import { registry } from "#adapters/registry.ts";
import { identityMocks } from "#mocks/environment.ts";
import type { IdentityMock, Persona, TokenFault } from "#mocks/identity/parts/mock.ts";
import type { Entry } from "#mocks/identity/parts/provider.ts";
import { control } from "../../control/http.ts";

/** A user at the provider. */
export type Person = Persona;

/** What the app under test is to its provider. */
export interface Registered {
  clientId: string;
  clientSecret: string;
  callbackUrl: URL;
}

export interface RunningProvider {
  /** The adapter's variables, as an operator writes them. */
  env: Record<string, string>;
  /** The `issuer` that identities must name. */
  issuer: string;
  /** A new person, or the next one where this provider has fixed people. */
  person(details?: Omit<Partial<Person>, "id">): Promise<Person>;
  /** The same person with other details. Only with the capability `people`. */
  change(person: Person, details: Omit<Partial<Person>, "id" | "subject">): Promise<Person>;
  /** What a browser does at the provider: follows, presses the person's button, answers where it is sent back to. */
  enter(url: URL, person: Person): Promise<URL>;
  /** Behind a proxy: the headers that it puts on the person's requests. `fault` names a way to be wrong. */
  tokenHeaders(person: Person, fault?: TokenFault): Promise<Record<string, string>>;
  /** The next answers of the provider to this person go wrong. */
  fault(person: Person, fault: string): Promise<void>;
  /** What the provider received since it started, oldest first. */
  received(): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

export interface Harness extends Pick<IdentityMock, "lacks" | "confusableSubjects" | "idTokenFaults"> {
  adapter: AuthAdapter;
  /** Path and query that start a sign-in of this person; the adapter's own address when not given. */
  startPath?(person: Person): string;
  start(registered: Registered): Promise<RunningProvider>;
}

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
  // Where a token on the request says who the user is, there is no provider to tell.
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

const ownProviderHarness = (adapter: AuthAdapter, mock: IdentityMock): Harness => ({
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

const MAX_STEPS = 12;

/**
 * Follows from the provider's address until it sends the browser elsewhere, and answers where.
 * @throws Error with the provider's own words when it refuses
 */
async function enter(start: URL, personId: string): Promise<URL> {
  const cookies: Record<string, string> = {};
  let url = start;
  let body: URLSearchParams | null = null;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response: Response = await fetch(url, {
      headers: { cookie: stringifyCookie(cookies) },
      ...(body && { method: "POST", body }),
      redirect: "manual",
    });
    const text = await response.text();
    for (const header of response.headers.getSetCookie()) {
      const { name, value = "", maxAge } = parseSetCookie(header);
      if (maxAge === 0) delete cookies[name];
      else cookies[name] = value;
    }
    const location = response.headers.get("location");
    if (location !== null) {
      url = new URL(location, url);
      body = null;
      if (url.origin !== start.origin) return url;
    } else if (response.ok && body === null) body = new URLSearchParams({ persona: personId });
    else throw new Error(`The provider refused with ${response.status}: ${/alert">([^<]*)/.exec(text)?.[1]}`);
  }
  throw new Error(`The provider did not come to an end within ${MAX_STEPS} steps.`);
}

export const harnesses: readonly Harness[] = identityMocks.flatMap((mock) => {
  const adapter = registry.find(mock.adapterId);
  if (!adapter) return [];
  return mock.start ? mockedHarness(adapter, mock) : ownProviderHarness(adapter, mock);
});
