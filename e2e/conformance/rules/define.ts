/** What a rule consists of. */
import type { Capability } from "#mocks/identity/parts/mock.ts";

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
