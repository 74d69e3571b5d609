/** How the kinds of Customers use AI: what history.ts and traffic.ts have in common. */

export interface Profile {
  /** Requests on a weekday of the last week. */
  requestsPerDay: number;
  /** Cost of one request in USD, cheapest and dearest; cheap ones are more frequent. */
  costUsd: readonly [number, number];
  /** Weekend usage as a share of a weekday's. */
  weekend: number;
  /** How much of the present usage has come in the last 90 days, 0 to 1. */
  growth: number;
  /** Day-to-day scatter, 0 to 1. */
  noise: number;
  /** How often a day of the window stands out. */
  spikes: number;
}

export const profiles = {
  steady: {
    requestsPerDay: 6_000,
    costUsd: [0.0004, 0.006],
    weekend: 0.35,
    growth: 0.45,
    noise: 0.16,
    spikes: 1,
  },
  spiky: { requestsPerDay: 800, costUsd: [0.002, 0.03], weekend: 0.5, growth: 0.3, noise: 0.55, spikes: 2 },
  huge: { requestsPerDay: 45_000, costUsd: [0.05, 5], weekend: 0.6, growth: 0.7, noise: 0.12, spikes: 1 },
  tiny: { requestsPerDay: 30, costUsd: [0.0002, 0.0008], weekend: 0.4, growth: 0.2, noise: 0.4, spikes: 1 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** Cost of a request in millionths of a USD for a number in [0, 1): evenly spread over the orders of magnitude. */
export function costMicros({ costUsd: [least, most] }: Profile, share: number): number {
  return Math.round(least * (most / least) ** share * 1e6);
}

/** The mean of `costMicros`, in millionths of a USD. */
export function meanCostMicros({ costUsd: [least, most] }: Profile): number {
  return ((most - least) / Math.log(most / least)) * 1e6;
}
