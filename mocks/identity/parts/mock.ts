/**
 * What a mock provider is to whatever starts it: `mocks/identity/<adapter>.ts` exports one as `mock`, and the demo,
 * the development server, the e2e suite and the conformance rules find it there by the adapter's name.
 */
import type { SeedCustomer } from "#mocks/ringside/seed.ts";
import type { Served } from "#mocks/serve.ts";
import type { Client } from "./client.ts";
import type { Persona } from "./persona.ts";

/** What an adapter or its provider can do; a mock says what its provider cannot, and why. */
export type Capability =
  /** People leave for the provider and come back. */
  | "redirect"
  /** The request itself carries the proof. */
  | "ambient"
  /** The provider is another server, with a token endpoint. */
  | "provider"
  | "pkce"
  | "nonce"
  /** The provider names itself in its answer (RFC 9207). */
  | "iss"
  /** It always does, so that an answer without can be refused. */
  | "iss_always"
  | "id_token"
  /** Tests can make people, and change their names. */
  | "people"
  /** The provider tells e-mail addresses, and whether they are verified. */
  | "email"
  /** The provider has a page for signing out. */
  | "end_session";

/** Proofs that nobody signed for this app, and proofs that somebody did, for others or for too long. */
export const FORGERIES = ["unsigned", "public_key_as_secret", "foreign_key", "changed"] as const;
export const MISFITS = [
  "expired",
  "never_expires",
  "from_the_future",
  "other_audience",
  "other_issuer",
  "other_client",
  "several_audiences",
  "access_token",
] as const;
export type ProofFault = (typeof FORGERIES)[number] | (typeof MISFITS)[number];

export interface IdentityMock {
  /** As in AUTH_ADAPTERS. */
  adapterId: string;
  /** Started by the suite alone: nobody else has a use for its button. */
  testsOnly?: true;
  /** Where there are several, the end-to-end suite runs through this one, and what differs through the others too. */
  carriesSuite?: true;
  /** Absent where the adapter is its own provider, inside the app. */
  start?(options: { port: number; clients: Client[] }): Promise<Served>;
  /** All that such an adapter knows; `start` can be told of others. */
  people?: readonly Persona[];
  /** The adapter's variables, as an operator writes them. @param url where the mock listens; else the app's origin */
  env(url: string, client: Client): Record<string, string>;
  /** The `issuer` that identities must name. */
  issuer(url: string): string;
  /** A subject of this provider, from a number that is used once. */
  subject(unique: number): string;
  /** What adapter or provider cannot do, and why; they can do everything else. */
  lacks: Partial<Record<Capability, string>>;
  /** Subjects that must never be taken for each other. */
  lookAlikes: readonly string[];
  /** How the mock breaks id_tokens; only with the capability `id_token`. */
  idTokenFaults?: readonly string[];
  /** The personas' past at Ringside, so that every button of the demo leads to figures. */
  customers?(url: string): SeedCustomer[];
  /** Only with the capability `ambient`: the cookie that the proxy puts on this person's requests. */
  prove?(url: string, person: Persona, fault?: ProofFault): Promise<{ name: string; value: string }>;
}
