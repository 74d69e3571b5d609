/** What a rule consists of: its sentence, what it needs and its checks, in one place. */
import type { Capability } from "#mocks/identity/parts/mock.ts";
import type { AdapterUnderTest } from "../run/adapter-under-test.ts";
import type { AppUnderTest } from "../run/app-under-test.ts";

/**
 * `contract`: the adapter inside its flow, against its running mock provider, over HTTP, without a browser.
 * `app`: a whole running app, of any framework, judged by its answers and by what Ringside received.
 * `browser`: this repository's own specs, tagged with the rule's id.
 */
export type Layer = "contract" | "app" | "browser";

export type Profile = "tutorial" | "full";

export interface AppCheck {
  /** The smallest profile that demands it. Under a smaller one a failure is advice. */
  profile: Profile;
  /** What to change when it fails. */
  fix: string;
  /** Runs after all others, since it uses up a session or a rate limit. */
  late?: true;
  /** @throws RuleBroken, NotRun */
  check(app: AppUnderTest): Promise<void>;
}

export interface Rule {
  id: string;
  sentence: string;
  /** The misbehaviour that breaks it. */
  catches: string;
  needs?: readonly Capability[];
  contract?(adapter: AdapterUnderTest): Promise<void>;
  app?: AppCheck;
  browser?: true;
}

export const layersOf = ({ contract, app, browser }: Rule): Layer[] => [
  ...(contract ? (["contract"] as const) : []),
  ...(app ? (["app"] as const) : []),
  ...(browser ? (["browser"] as const) : []),
];
