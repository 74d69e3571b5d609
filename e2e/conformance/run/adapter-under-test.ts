/** One adapter under test: connected to its running mock provider, inside a host that keeps its attempts. */
import assert from "node:assert/strict";
import {
  type Connection,
  type Identity,
  isAdapterError,
  type RedirectConnection,
} from "#adapters/adapter.ts";
import { checkIdentity } from "#adapters/identity.ts";
import { APP, Browser, createHost, type Host } from "#adapters/testing/sign-in.ts";
import type { Harness, Person, Registered, RunningProvider } from "./harness.ts";

export { APP, Browser };

/** Where signing out leads back to; registered at every provider. */
export const SIGNED_OUT = new URL("/sign-in", APP);

/** Odd enough to be found wherever it leaks. */
export const CLIENT = { clientId: "conformance-client", clientSecret: "secret-canary-9d1f4b70c2" };

/** Keeps attempts between leaving and coming back; broken ones stand in for it to prove the rules. */
export type HostFactory = (adapterId: string, connection: RedirectConnection) => Host;

export interface AdapterUnderTest {
  harness: Harness;
  provider: RunningProvider;
  registered: Registered;
  connection: Connection;
  host(): Host;
  /** The same, mounted under the id of another adapter. */
  otherHost(): Host;
  /** The adapter's address with which this person's sign-in starts. */
  startPath(person: Person): string;
  /** Signs in, in whichever way this adapter does. @throws AdapterError */
  signIn(person: Person): Promise<Identity>;
  externalId(identity: Identity): string;
}

export async function openAdapter(
  harness: Harness,
  hostOf: HostFactory = createHost,
): Promise<AdapterUnderTest> {
  const { adapter } = harness;
  const callbackUrl = new URL(`/auth/${adapter.id}/callback`, APP);
  const registered = { ...CLIENT, callbackUrl };
  const provider = await harness.start(registered);
  const app = { origin: APP, callbackUrl, secureCookies: true };
  const connection = await adapter.connect(await adapter.env.parseAsync(provider.env), app);
  const startPath = (person: Person) => harness.startPath?.(person) ?? `/auth/${adapter.id}`;

  let host: Host | undefined;
  const underTest: AdapterUnderTest = {
    harness,
    provider,
    registered,
    connection,
    host() {
      host ??= hostOf(adapter.id, redirecting(underTest));
      return host;
    },
    otherHost: () => hostOf(`not-${adapter.id}`, redirecting(underTest)),
    startPath,
    async signIn(person) {
      if (connection.kind === "redirect") {
        const attempt = await startAttempt(underTest, person);
        return attempt.finish(await attempt.answer());
      }
      const identity = await connection.identify(
        new Request(APP, { headers: await provider.tokenHeaders(person) }),
      );
      if (!identity) throw new Error("A request with a valid token signed no user in.");
      return checkIdentity(identity);
    },
    externalId: (identity) => adapter.externalId(identity),
  };
  return underTest;
}

/** @throws Error for an adapter behind a proxy: the rule should have said that it needs `redirect` */
export function redirecting({ connection }: AdapterUnderTest): RedirectConnection {
  if (connection.kind === "redirect") return connection;
  throw new Error("This adapter does not redirect to a provider.");
}

export type Answer = Record<string, string>;

export interface Attempt {
  /** Where the browser was sent. */
  asked: URL;
  browser: Browser;
  /** What the provider answers when the person presses their button. */
  answer(): Promise<Answer>;
  /** @throws AdapterError */
  finish(answer: Answer, browser?: Browser): Promise<Identity>;
}

/** Leaves for the provider; in the same browser as another attempt, if one is given. */
export async function startAttempt(
  adapter: AdapterUnderTest,
  person: Person,
  browser = new Browser(),
): Promise<Attempt> {
  const host = adapter.host();
  const asked = await host.leave(browser, adapter.startPath(person));
  return {
    asked,
    browser,
    async answer() {
      const back = await adapter.provider.enter(asked, person);
      return Object.fromEntries(back.searchParams);
    },
    finish: async (answer, from = browser) => checkIdentity(await host.comeBack(from, answer)),
  };
}

/** The error that a sign-in ends with. @throws Error when it does not end with an AdapterError */
export async function refusalOf(signIn: Promise<Identity>): Promise<{ code: string; text: string }> {
  try {
    const { subject: signedInAs } = await signIn;
    throw new Error(`Signed in as ${signedInAs}, and should have been refused.`);
  } catch (error) {
    if (!isAdapterError(error)) throw error;
    return { code: error.code, text: textsOf(error) };
  }
}

/** What a log could show of the refusal; nothing when there was none, which is for another rule to say. */
export const refusalText = (signIn: Promise<Identity>): Promise<string> => signIn.then(() => "", textsOf);

/** The person is who signs in as them anew; what their adapter must be is for ID-7 to say. @throws AssertionError */
export async function assertIs(adapter: AdapterUnderTest, identity: Identity, person: Person): Promise<void> {
  assert.equal(identity.subject, (await adapter.signIn(person)).subject);
}

/** All that a log could show of an error: its message and the messages it was caused by. */
function textsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${textsOf(error.cause)}`;
}

export const tokenRequests = async ({ provider }: AdapterUnderTest) =>
  (await provider.received()).flatMap((entry) => (entry.endpoint === "token" ? [entry] : []));
