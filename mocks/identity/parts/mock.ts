/**
 * What a mock provider is to the code that starts it: `mocks/identity/<adapter>.ts` exports one as `mock`, and the demo,
 * the development server, the e2e suite and the conformance rules find it there by the adapter's name.
 */
import * as z from "zod";
import type { SeedCustomer } from "#mocks/ringside/seed.ts";
import type { Served } from "#mocks/serve.ts";

/** An application registered at a mock provider. */
export interface Client {
  clientId: string;
  clientSecret: string;
  /** Compared byte for byte. */
  redirectUris: string[];
  /** Where a sign-out may lead back to. */
  logoutUrls?: string[];
}

/** `id` is the handle that tests and buttons use; `subject` is what the provider calls the person. */
export const personaSchema = z.strictObject({
  id: z.string().min(1),
  subject: z.string().min(1),
  login: z.string().optional(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().optional(),
  picture: z.string().optional(),
});
export type Persona = z.infer<typeof personaSchema>;

/** What an adapter or its provider can do; a mock says what its provider cannot, and why. */
export type Capability =
  /** People leave for the provider and come back. */
  | "redirect"
  /** A proxy or auth service in front puts a token on each request. */
  | "proxy_authenticated"
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

/** Tokens that the issuer did not sign, and tokens that it signed for something else. */
export const FORGED_TOKENS = ["unsigned", "public_key_as_secret", "foreign_key", "changed"] as const;
export const MISUSED_TOKENS = [
  "expired",
  "never_expires",
  "from_the_future",
  "other_audience",
  "other_issuer",
  "other_client",
  "several_audiences",
  "access_token",
] as const;
export type TokenFault = (typeof FORGED_TOKENS)[number] | (typeof MISUSED_TOKENS)[number];

export interface IdentityMock {
  /** As in AUTH_ADAPTERS. */
  adapterId: string;
  /** Not in the demo and not in `npm run dev`. */
  testsOnly?: true;
  /** The end-to-end suite signs in through this one; what differs by adapter runs through the others as well. */
  carriesSuite?: true;
  /** Absent where the adapter is its own provider, inside the app. */
  start?(options: { port: number; clients: Client[] }): Promise<Served>;
  /** All people of an adapter without a mock; `start`ed mocks can be given others. */
  people?: readonly Persona[];
  /** The adapter's variables, as an operator writes them. @param url where the mock listens; else the app's origin */
  env(url: string, client: Client): Record<string, string>;
  /** The `issuer` that identities must name. */
  issuer(url: string): string;
  /** A subject of this provider, from a number that is used once. */
  subject(unique: number): string;
  /** What the adapter or the provider cannot do, and why. Everything else is tested. */
  lacks: Partial<Record<Capability, string>>;
  /** Subjects that a careless external_id would give to one Customer. */
  confusableSubjects: readonly string[];
  /** How the mock breaks id_tokens; only with the capability `id_token`. */
  idTokenFaults?: readonly string[];
  /** Customers at Ringside for the personas, so that every button of the demo leads to figures. */
  customers?(url: string): SeedCustomer[];
  /** Only with the capability `proxy_authenticated`: the cookie with this person's token, as the proxy sets it. */
  tokenCookie?(url: string, person: Persona, fault?: TokenFault): Promise<{ name: string; value: string }>;
}
