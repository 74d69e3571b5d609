/**
 * What the tabs of one browser tell each other. Figures, never tokens; news, never locks: a tab that is frozen or
 * dead simply says nothing, and the others do their own work after two intervals.
 */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";

/** The figures are a tab's latest; their times are on the clock that all tabs of a browser share. */
export type TabMessage =
  | ({ type: "figures"; about: string } & SharedFigures)
  | { type: "signed_in"; about: string }
  | { type: "signed_out" };

export interface SharedFigures {
  readonly customer: Customer;
  readonly updatedAt: number;
  readonly daily: readonly DailyUsage[] | null;
  readonly dailyAt: number;
}

export interface Tabs {
  tell(message: TabMessage): void;
  leave(): void;
}

/** The version changes with `TabMessage`: a tab of the last release must not misread this one's. */
const CHANNEL = "ringside-usage/1";

/** Listens to the other tabs until `leave`. A browser without BroadcastChannel has tabs that do not talk. */
export function joinTabs(onMessage: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === "undefined") return { tell() {}, leave() {} };
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
  return { tell: (message) => channel.postMessage(message), leave: () => channel.close() };
}

/** For the sign-out form's submit: the other tabs stop at once. */
export const announceSignOut = () => announce({ type: "signed_out" });

/** For the load of a page that shows `customer`: tabs that show another one stop at once. */
export const announceSignIn = (customer: string) => announce({ type: "signed_in", about: customer });

function announce(message: TabMessage): void {
  const tabs = joinTabs(() => {});
  tabs.tell(message);
  tabs.leave();
}
