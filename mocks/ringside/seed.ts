/**
 * What a Customer of the mock starts with, and the usage made up for it: 90 days of history, and traffic that goes on
 * growing. The same name and time always lead to the same numbers.
 */
import * as z from "zod";
import { DAY_MS, periods, startOf, utcDay } from "./calendar.ts";

/** How one kind of Customer uses AI: history and traffic both follow it. */
export interface Profile {
  /** Requests on a weekday of the last week. */
  requestsPerDay: number;
  /** Cost of one request in USD, cheapest and most expensive; cheap ones are more frequent. */
  costUsd: readonly [number, number];
  /** Weekend usage as a share of a weekday's. */
  weekend: number;
  /** Share of today's level that was added in the last 90 days, 0 to 1. */
  growth: number;
  /** Day-to-day variation, 0 to 1. */
  noise: number;
  /** How many days of the history stand out. */
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

const period = z
  .enum([...periods, "daily", "weekly", "monthly"])
  .transform((name) =>
    name === "daily" ? "day" : name === "weekly" ? "week" : name === "monthly" ? "month" : name,
  )
  .default("month");

const budget = z.union([
  z.strictObject({ label: z.string(), period, limit_usd: z.number().nonnegative() }),
  /** `used`: the limit is chosen so that about this share of it is spent at the start (0.7 is 70 %). */
  z.strictObject({ label: z.string(), period, used: z.number().positive() }),
]);

/** Amounts in USD. `budget_usd` is answered as the scalar it is, `budgets` as an array: Ringside's pages show both. */
export const seedCustomer = z.strictObject({
  external_id: z.string().min(1),
  name: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  budgets: z.array(budget).optional(),
  budget_usd: z.number().nonnegative().optional(),
  wallet_balance_usd: z.number().optional(),
  /** Grants no token a longer life than this, whatever the mint asks for. */
  max_token_ttl_seconds: z.number().positive().optional(),
  /** 90 days of usage that follow a profile. */
  history: z.enum(["none", ...(Object.keys(profiles) as ProfileName[])]).default("none"),
  /** Whether simulated usage is added as time passes. */
  traffic: z.boolean().default(false),
});

export type SeedCustomer = z.input<typeof seedCustomer>;
export type Seed = z.output<typeof seedCustomer>;

/** Cost of a request in millionths of a USD for a number in [0, 1): evenly spread over the orders of magnitude. */
function costMicros({ costUsd: [min, max] }: Profile, share: number): number {
  return Math.round(min * (max / min) ** share * 1e6);
}

/** The mean of `costMicros`, in millionths of a USD. */
export function meanCostMicros({ costUsd: [min, max] }: Profile): number {
  return ((max - min) / Math.log(max / min)) * 1e6;
}

/** What a Customer used on one UTC day; money in millionths of a USD, so that sums are exact. */
export interface DayTotal {
  micros: number;
  requests: number;
}

const HISTORY_DAYS = 90;

/** The 90 days that end with the day of `now`, which has usage in proportion to its elapsed part. A pure function. */
export function pastDays(externalId: string, profile: Profile, now: number): Map<string, DayTotal> {
  const next = random(hash(externalId));
  const spikes = spikeDays(profile.spikes, next);
  const today = utcDay(now);
  const days = new Map<string, DayTotal>();
  for (let index = 0; index < HISTORY_DAYS; index += 1) {
    const day = utcDay(startOf(today) - (HISTORY_DAYS - 1 - index) * DAY_MS);
    const variation = 1 + profile.noise * (2 * next() - 1);
    const level = 1 - profile.growth * (1 - index / (HISTORY_DAYS - 1));
    const weekday = [0, 6].includes(new Date(startOf(day)).getUTCDay()) ? profile.weekend : 1;
    const spike = spikes.has(index) ? 3 + 2 * next() : 1;
    const elapsed = day === today ? (now % DAY_MS) / DAY_MS : 1;
    const requests = Math.round(profile.requestsPerDay * variation * level * weekday * spike * elapsed);
    const micros = Math.round(requests * meanCostMicros(profile) * (0.9 + 0.2 * next()));
    if (requests > 0) days.set(day, { micros, requests });
  }
  return days;
}

/** Spread over the window and never today, whose usage is incomplete. */
function spikeDays(count: number, next: () => number): Set<number> {
  const spacing = (HISTORY_DAYS - 1) / Math.max(count, 1);
  return new Set(Array.from({ length: count }, (_, nth) => Math.floor((nth + 0.3 + 0.6 * next()) * spacing)));
}

export interface TrafficCall {
  /** Milliseconds since the epoch. */
  at: number;
  micros: number;
}

const SLOT_MS = 4_000;

/**
 * The calls in (from, to], one in the middle half of every 4 s slot, so that they are 2 to 6 s apart. A pure function
 * of time: no timer runs, and a test that sets the clock knows exactly what it will see.
 */
export function callsBetween(seed: number, profile: Profile, from: number, to: number): TrafficCall[] {
  const calls: TrafficCall[] = [];
  for (let slot = Math.floor(from / SLOT_MS); slot * SLOT_MS <= to; slot += 1) {
    const next = random(seed ^ Math.imul(slot, 0x9e3779b1));
    const at = slot * SLOT_MS + Math.floor(SLOT_MS * (0.25 + 0.5 * next()));
    if (at > from && at <= to) calls.push({ at, micros: costMicros(profile, next()) });
  }
  return calls;
}

/** 32 bits of a text (FNV-1a). */
export function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) bits = Math.imul(bits ^ byte, 0x01000193);
  return bits >>> 0;
}

/** A stream of numbers in [0, 1) that depends on the seed alone (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}
