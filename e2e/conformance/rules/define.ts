/** What a rule consists of. */

/** What an adapter or its provider can do; the harness says which, and why not. */
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
  | "id_token"
  /** Tests can make people, and change their names. */
  | "people"
  /** The provider tells e-mail addresses, and whether they are verified. */
  | "email"
  /** The provider has a page for signing out. */
  | "end_session";

/**
 * `contract`: the adapter inside its flow, against its running mock provider, over HTTP, without a browser.
 * `site`: plain requests to a whole running app, anybody's.
 * `browser`: Chromium, the production build and the mocks.
 */
export type Layer = "contract" | "site" | "browser";

export interface Rule {
  id: string;
  sentence: string;
  /** The misbehaviour that would break it. */
  catches: string;
  layers: readonly Layer[];
  needs: readonly Capability[];
}

/** One row of the table: the rule, the misbehaviour it catches, where it is proved, what it needs. */
export const rule = (
  id: string,
  sentence: string,
  catches: string,
  layers: readonly Layer[],
  ...needs: Capability[]
): Rule => ({ id, sentence, catches, layers, needs });
