/**
 * How the suite drives one adapter: its variables, its running provider, and who can sign in there. It is made from
 * the provider's mock (`mocks/identity/<adapter>.ts`), so that adding an adapter adds nothing here.
 */
import type { AuthAdapter } from "#adapters/adapter.ts";
import type { IdentityMock, Persona, TokenFault } from "#mocks/identity/parts/mock.ts";
import type { Entry } from "#mocks/identity/parts/provider.ts";

/** Somebody at the provider. */
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
  /** Somebody new, or as new as this provider can make them. */
  person(details?: Omit<Partial<Person>, "id">): Promise<Person>;
  /** The same person with other details. Only with the capability `people`. */
  change(person: Person, details: Omit<Partial<Person>, "id" | "subject">): Promise<Person>;
  /** What a browser does at the provider: follows, presses the person's button, answers where it is sent back to. */
  enter(url: URL, person: Person): Promise<URL>;
  /** Ambient: the headers that the proxy puts on the person's requests. `fault` names a way to be wrong. */
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
