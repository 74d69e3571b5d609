/**
 * Messages between the tabs of one browser. They carry figures, never tokens, and no locks: a tab that is frozen or
 * dead sends nothing, and the others poll for themselves after two intervals.
 */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";

/** `figures` are a tab's latest; their times are on the clock that all tabs of a browser share. */
export type TabMessage =
  | ({ type: "figures"; about: string } & SharedFigures)
  | { type: "signed_in"; about: string }
  | { type: "signed_out" };

export interface SharedFigures {
  readonly customer: Customer;
  readonly updatedAt: number;
  /** How far Ringside's clock is ahead of that one. */
  readonly serverAheadMs: number;
  readonly daily: readonly DailyUsage[] | null;
  readonly dailyAt: number;
}

export interface Tabs {
  tell(message: TabMessage): void;
  leave(): void;
}

/** The version changes with `TabMessage`: a tab of the last release must not misread this one's. */
const CHANNEL = "ringside-usage/2";

/** Listens to the other tabs until `leave`. Without BroadcastChannel, tabs do not talk. */
export function joinTabs(onMessage: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === "undefined") return { tell() {}, leave() {} };
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
  return { tell: (message) => channel.postMessage(message), leave: () => channel.close() };
}

/** On submit of the sign-out form: the other tabs stop at once. */
export const announceSignOut = () => announce({ type: "signed_out" });

/** When a page that shows `customer` loads: tabs that show another one stop at once. */
export const announceSignIn = (customer: string) => announce({ type: "signed_in", about: customer });

function announce(message: TabMessage): void {
  const tabs = joinTabs(() => {});
  tabs.tell(message);
  tabs.leave();
}
