/** Checks every cell of the transition table in README.md against the rules. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Result } from "#app/ringside/http.ts";
import type { ClientToken } from "./client-token.ts";
import { reduce } from "./rules.ts";
import { type Event, initialState, type LivePhase, type State, snapshotOf } from "./state.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const customer = { id: "cus_1", spendUsd: 1, requestCount: 1, budgets: [], walletUsd: null };
const moved = { ...customer, spendUsd: 2 };
const token: ClientToken = {
  value: "good",
  from: NOW - 60_000,
  lifeMs: 300_000,
  renewMs: 240_000,
  serverAheadMs: 0,
};
const old: ClientToken = { ...token, value: "old", from: NOW - 250_000 };

/** A running engine in each phase, between two polls where it may send. */
const running: State = {
  ...initialState({ customer, daily: [], loadedAt: NOW - 4_000 }, 5_000),
  ...{
    running: true,
    token,
    dailyStale: false,
    dailyAt: NOW - 4_000,
    attemptedAt: NOW - 4_100,
    nextAt: NOW + 1_000,
  },
};
const PHASES: Record<LivePhase, State> = {
  starting: running,
  live: { ...running, confirmed: true },
  reconnecting: { ...running, error: { phase: "reconnecting", reason: "network" } },
  paused: { ...running, confirmed: true, visible: false, nextAt: null },
  offline: { ...running, online: false, error: { phase: "reconnecting", reason: "network" } },
  signed_out: { ...running, signedOut: "not_signed_in", token: null, nextAt: null },
  blocked: { ...running, error: { phase: "blocked", reason: "origin_not_allowed" } },
};

const busy = { busy: true, failures: 0, backoff: null };
/** What is in flight when the event happens. Null: impossible, because `abortAll` dropped it. */
type Situation = (state: State) => State | null;
const between: Situation = (state) => state;
const sending = ({ visible, signedOut }: State) => visible && !signedOut;
const polling: Situation = (state) => (sending(state) ? { ...state, polls: busy, nextAt: null } : null);
const rejectedBefore =
  (reason: "token_rejected" | "customer_missing"): Situation =>
  (state) =>
    sending(state) ? { ...state, polls: busy, nextAt: null, rejection: { reason, times: 1 } } : null;
/** A mint may be in flight while signed out too: the one that a returning tab sends. */
const minting: Situation = (state) =>
  state.visible ? { ...state, mints: busy, token: null, nextAt: null } : null;
const renewing: Situation = (state) => (sending(state) ? { ...state, mints: busy, token: old } : null);
const fetchingDaily: Situation = (state) => (sending(state) ? { ...state, usage: busy } : null);
const withToken =
  (current: ClientToken | null): Situation =>
  (state) =>
    sending(state) ? { ...state, token: current } : null;

const polled = (result: Result<typeof customer>): Event => ({ type: "pollFinished", token: "good", result });
const mintedOk: Event = { type: "mintFinished", result: { kind: "ok", value: token } };
const visibilityChanged =
  (changes: Partial<Record<"visible" | "online", boolean>>) =>
  (state: State): Event => ({
    ...{ type: "visibilityChanged", visible: state.visible, online: state.online, ...changes },
  });
const figures = { customer: moved, updatedAt: NOW - 10, serverAheadMs: 0, daily: [], dailyAt: 0 } as const;

const ROWS: Record<string, [Situation, Event | ((state: State) => Event)]> = {
  "timer, token good": [withToken(token), { type: "timerFired" }],
  "timer, token old": [withToken(old), { type: "timerFired" }],
  "timer, no token": [withToken(null), { type: "timerFired" }],
  "tab hidden": [(state) => (state.visible ? state : null), visibilityChanged({ visible: false })],
  "tab visible": [(state) => (state.visible ? null : state), visibilityChanged({ visible: true })],
  "browser offline": [
    (state) => (sending(state) && state.online ? state : null),
    visibilityChanged({ online: false }),
  ],
  "browser online": [
    (state) => (sending(state) && !state.online ? state : null),
    visibilityChanged({ online: true }),
  ],
  "poll ok": [polling, polled({ kind: "ok", value: moved })],
  "poll 401": [polling, polled({ kind: "unauthorized" })],
  "poll 401 again": [rejectedBefore("token_rejected"), polled({ kind: "unauthorized" })],
  "poll 403": [polling, polled({ kind: "forbidden", code: "endpoint_not_allowed" })],
  "poll 404": [polling, polled({ kind: "not_found" })],
  "poll 404 again": [rejectedBefore("customer_missing"), polled({ kind: "not_found" })],
  "poll 429": [polling, polled({ kind: "rate_limited", retryAfterMs: 9_000 })],
  "poll 5xx": [polling, polled({ kind: "unavailable", retryAfterMs: null })],
  "poll unreadable": [polling, polled({ kind: "contract", detail: "" })],
  "poll timeout": [polling, polled({ kind: "timeout" })],
  "poll no network": [polling, polled({ kind: "network" })],
  "mint ok": [minting, mintedOk],
  "mint 401": [minting, { type: "mintFinished", result: { kind: "unauthorized" } }],
  "mint 409": [minting, { type: "mintFinished", result: { kind: "conflict", code: "session_changed" } }],
  "mint 403": [minting, { type: "mintFinished", result: { kind: "forbidden", code: "bad_origin" } }],
  "mint 429": [minting, { type: "mintFinished", result: { kind: "rate_limited", retryAfterMs: 9_000 } }],
  "mint 5xx": [minting, { type: "mintFinished", result: { kind: "unavailable", retryAfterMs: null } }],
  "renewal ok": [renewing, mintedOk],
  "renewal failed": [renewing, { type: "mintFinished", result: { kind: "unavailable", retryAfterMs: null } }],
  "daily ok": [fetchingDaily, { type: "dailyFinished", result: { kind: "ok", value: [] } }],
  "daily failed": [
    fetchingDaily,
    { type: "dailyFinished", result: { kind: "unavailable", retryAfterMs: null } },
  ],
  "another tab's figures": [
    between,
    { type: "tabMessage", message: { type: "figures", about: "cus_1", ...figures } },
  ],
  "sign-out elsewhere": [between, { type: "tabMessage", message: { type: "signed_out" } }],
  "sign-in elsewhere": [between, { type: "tabMessage", message: { type: "signed_in", about: "cus_1" } }],
  "another user elsewhere": [between, { type: "tabMessage", message: { type: "signed_in", about: "cus_2" } }],
};

/** A cell: the phase that the event leads to (`=` when it stays), then the commands. */
function play(row: string, phase: LivePhase): string {
  const [situation, event] = ROWS[row]!;
  const state = situation(PHASES[phase]);
  if (!state) return "–";
  const before = snapshotOf(state, null);
  expect(before.phase).toBe(phase);
  const step = reduce(state, typeof event === "function" ? event(state) : event, { now: NOW, random: 0.5 });
  const after = snapshotOf(step.state, before);
  const same = after.phase === before.phase && after.reason === before.reason;
  const where = same ? "=" : [after.phase, after.reason].filter(Boolean).join("/");
  return [where, ...step.commands.map(({ type }) => type)].join(" ");
}

const lines = readFileSync(new URL("README.md", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|") && line.split("|").length === Object.keys(PHASES).length + 3)
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
const [header = [], , ...rows] = lines;

describe("the table of states and transitions", () => {
  test("has a column for every phase and a row for every event", () => {
    expect(header.slice(1)).toEqual(Object.keys(PHASES));
    expect(rows.map(([row]) => row)).toEqual(Object.keys(ROWS));
  });

  test.each(Object.keys(ROWS))("%s", (row) => {
    const cells = rows.find(([name]) => name === row)?.slice(1);
    expect(cells).toEqual((Object.keys(PHASES) as LivePhase[]).map((phase) => play(row, phase)));
  });
});
