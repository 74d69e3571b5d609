/** Reads the table in README.md and plays every cell of it against the reducer. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Answer } from "#app/ringside/fetch-json.ts";
import type { ClientToken } from "./client-token.ts";
import type { Event, State } from "./live-machine.ts";
import type { LivePhase } from "./live-state.ts";
import { reduce } from "./reducer.ts";
import { initialState, snapshotOf } from "./snapshot.ts";

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

/** A running engine in each phase, between two polls where it may send at all. */
const running: State = {
  ...initialState({ customer, daily: [], loadedAt: NOW - 4_000 }, 5_000),
  ...{
    running: true,
    token,
    dailyOwed: false,
    dailyAt: NOW - 4_000,
    attemptedAt: NOW - 4_100,
    nextAt: NOW + 1_000,
  },
};
const PHASES: Record<LivePhase, State> = {
  starting: running,
  live: { ...running, confirmed: true },
  reconnecting: { ...running, trouble: { phase: "reconnecting", reason: "network" } },
  paused: { ...running, confirmed: true, visible: false, nextAt: null },
  offline: { ...running, online: false, trouble: { phase: "reconnecting", reason: "network" } },
  signed_out: { ...running, signedOut: "not_signed_in", token: null, nextAt: null },
  blocked: { ...running, trouble: { phase: "blocked", reason: "origin_not_allowed" } },
};

const busy = { busy: true, failures: 0, hold: null };
/** What is under way when the event comes. Null: not possible, because a halt has dropped it. */
type Scene = (state: State) => State | null;
const between: Scene = (state) => state;
const sending = ({ visible, signedOut }: State) => visible && !signedOut;
const polling: Scene = (state) => (sending(state) ? { ...state, polls: busy, nextAt: null } : null);
const refusedBefore =
  (reason: "token_rejected" | "customer_missing"): Scene =>
  (state) =>
    sending(state) ? { ...state, polls: busy, nextAt: null, refused: { reason, times: 1 } } : null;
/** Signed out, a mint may be under way all the same: the look that a returning tab takes. */
const minting: Scene = (state) =>
  state.visible ? { ...state, mints: busy, token: null, nextAt: null } : null;
const renewing: Scene = (state) => (sending(state) ? { ...state, mints: busy, token: old } : null);
const fetchingDaily: Scene = (state) => (sending(state) ? { ...state, usage: busy } : null);
const withToken =
  (mine: ClientToken | null): Scene =>
  (state) =>
    sending(state) ? { ...state, token: mine } : null;

const polled = (answer: Answer<typeof customer>): Event => ({ type: "polled", token: "good", answer });
const mintedOk: Event = { type: "minted", answer: { kind: "ok", value: token } };
const look =
  (changes: Partial<Record<"visible" | "online", boolean>>) =>
  (state: State): Event => ({
    ...{ type: "look", visible: state.visible, online: state.online, ...changes },
  });
const figures = { customer: moved, updatedAt: NOW - 10, daily: [], dailyAt: 0 } as const;

const ROWS: Record<string, [Scene, Event | ((state: State) => Event)]> = {
  "timer, token good": [withToken(token), { type: "due" }],
  "timer, token old": [withToken(old), { type: "due" }],
  "timer, no token": [withToken(null), { type: "due" }],
  "tab hidden": [(state) => (state.visible ? state : null), look({ visible: false })],
  "tab visible": [(state) => (state.visible ? null : state), look({ visible: true })],
  "browser offline": [(state) => (sending(state) && state.online ? state : null), look({ online: false })],
  "browser online": [(state) => (sending(state) && !state.online ? state : null), look({ online: true })],
  "poll ok": [polling, polled({ kind: "ok", value: moved })],
  "poll 401": [polling, polled({ kind: "unauthorized" })],
  "poll 401 again": [refusedBefore("token_rejected"), polled({ kind: "unauthorized" })],
  "poll 403": [polling, polled({ kind: "forbidden", code: "endpoint_not_allowed" })],
  "poll 404": [polling, polled({ kind: "not_found" })],
  "poll 404 again": [refusedBefore("customer_missing"), polled({ kind: "not_found" })],
  "poll 429": [polling, polled({ kind: "rate_limited", retryAfterMs: 9_000 })],
  "poll 5xx": [polling, polled({ kind: "unavailable", retryAfterMs: null })],
  "poll unreadable": [polling, polled({ kind: "contract", detail: "" })],
  "poll timeout": [polling, polled({ kind: "timeout" })],
  "poll no network": [polling, polled({ kind: "network" })],
  "mint ok": [minting, mintedOk],
  "mint 401": [minting, { type: "minted", answer: { kind: "unauthorized" } }],
  "mint 409": [minting, { type: "minted", answer: { kind: "conflict", code: "session_changed" } }],
  "mint 403": [minting, { type: "minted", answer: { kind: "forbidden", code: "bad_origin" } }],
  "mint 429": [minting, { type: "minted", answer: { kind: "rate_limited", retryAfterMs: 9_000 } }],
  "mint 5xx": [minting, { type: "minted", answer: { kind: "unavailable", retryAfterMs: null } }],
  "renewal ok": [renewing, mintedOk],
  "renewal failed": [renewing, { type: "minted", answer: { kind: "unavailable", retryAfterMs: null } }],
  "daily ok": [fetchingDaily, { type: "daily", answer: { kind: "ok", value: [] } }],
  "daily failed": [fetchingDaily, { type: "daily", answer: { kind: "unavailable", retryAfterMs: null } }],
  "another tab's figures": [
    between,
    { type: "heard", message: { type: "figures", about: "cus_1", ...figures } },
  ],
  "sign-out elsewhere": [between, { type: "heard", message: { type: "signed_out" } }],
  "sign-in elsewhere": [between, { type: "heard", message: { type: "signed_in", about: "cus_1" } }],
  "another user elsewhere": [between, { type: "heard", message: { type: "signed_in", about: "cus_2" } }],
};

/** What a cell says: the phase the event leads to (`=` when it stays), then what is sent or done. */
function play(row: string, phase: LivePhase): string {
  const [scene, event] = ROWS[row]!;
  const state = scene(PHASES[phase]);
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
