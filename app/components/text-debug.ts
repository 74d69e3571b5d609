/** The words of the debug panel, loaded with it. */
export const debugText = {
  heading: "Live updates in detail",
  state: "State",
  reason: "Reason",
  daily: "Daily figures",
  fresh: "fresh",
  confirmed: "Figures confirmed",
  lastMint: "Last mint",
  lastPoll: "Last poll",
  next: "Next poll",
  counts: "Since the page was opened",
  none: "–",
  outcome: (kind: string, at: string) => `${kind} at ${at}`,
  counted: (polls: string, mints: string, usage: string) =>
    `polls ${polls}, mints ${mints}, daily figures ${usage}`,
} as const;
