/**
 * How the suite drives one adapter: its variables, its mock provider, and who can sign in there. Adding an adapter
 * adds one harness; no rule knows any adapter.
 */
import type { AuthAdapter } from "#adapters/adapter.ts";
import type { Entry } from "#mocks/identity/received.ts";
import type { Persona } from "../control/identity.ts";
import type { Capability } from "./rules.ts";

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
  prove(person: Person, fault?: ProofFault): Promise<Record<string, string>>;
  /** The next answers of the provider to this person go wrong. */
  fault(person: Person, fault: string): Promise<void>;
  /** What the provider received since it started, oldest first. */
  received(): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

export const FORGERIES = ["unsigned", "public_key_as_secret", "foreign_key", "changed"] as const;
export const MISFITS = ["expired", "never_expires", "other_audience", "other_issuer"] as const;
export type ProofFault = (typeof FORGERIES)[number] | (typeof MISFITS)[number];

export interface Harness {
  adapter: AuthAdapter;
  /** What it cannot do, and why; it can do everything else. */
  lacks: Partial<Record<Capability, string>>;
  /** Path and query that start a sign-in of this person; the adapter's own address when not given. */
  startPath?(person: Person): string;
  /** Subjects that must never be taken for each other. */
  lookAlikes: readonly string[];
  /** How the mock breaks id_tokens. Only with the capability `id_token`. */
  idTokenFaults?: readonly string[];
  start(registered: Registered): Promise<RunningProvider>;
}
