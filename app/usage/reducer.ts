/** The engine's rules: a pure function of a state and an event to the next state and what is to be done. */
import { dailyAnswered, minted, polled } from "./answers.ts";
import type { Command, Event, State } from "./live-machine.ts";
import { elapsed, remaining, steady } from "./pace.ts";
import { initialState } from "./snapshot.ts";
import type { SharedFigures, TabMessage } from "./tabs.ts";
import { type Moment, Turn } from "./turn.ts";

export interface Step {
  readonly state: State;
  readonly commands: readonly Command[];
}

export function reduce(before: State, event: Event, moment: Moment): Step {
  if (before.running === (event.type === "start")) return { state: before, commands: [] };
  const turn = new Turn({ ...before }, moment);
  if (event.type === "start") start(turn, event.visible, event.online);
  else if (event.type === "look") look(turn, event.visible, event.online);
  else if (event.type === "heard") heard(turn, event.message);
  else if (event.type === "due") {
    turn.state.nextAt = null;
    turn.attempt();
  } else if (event.type === "stop") {
    turn.set({ running: false, token: null });
    turn.halt();
  } else if (event.type === "daily") dailyAnswered(turn, event.answer);
  else {
    // The browser's "offline" is a hint; an answer is a proof.
    turn.state.online ||= event.answer.kind !== "network" && event.answer.kind !== "timeout";
    if (event.type === "minted") minted(turn, event.answer);
    else polled(turn, event.answer, event.token);
  }
  return turn;
}

/** Also after a stop: what is known of the figures stays, all else begins anew. */
function start(turn: Turn, visible: boolean, online: boolean): void {
  const { customer, daily, updatedAt, intervalMs } = turn.state;
  // The loader's clock may be ahead of ours, and figures from the future would never look old.
  const figures = { customer, daily, loadedAt: Math.min(updatedAt, turn.moment.now) };
  turn.set({ ...initialState(figures, intervalMs), running: true, visible, online });
  if (visible) turn.wake(0);
}

function look(turn: Turn, visible: boolean, online: boolean): void {
  const before = { ...turn.state };
  const { now, random } = turn.moment;
  // A network, or a service, that returns does so for everybody in the building.
  const spread = before.trouble ? before.intervalMs * random : 0;
  turn.set({ visible, online });
  if (!visible) turn.halt();
  else if (before.visible) {
    if (online && !before.online && before.trouble) turn.resume(spread);
  } else if (!before.signedOut) turn.resume(spread);
  // Signing in again elsewhere may have gone unheard: one look per return, at most one per interval.
  else if (turn.soonest(0) === 0 && remaining(before.mints.hold, now) === 0) turn.mint();
}

function heard(turn: Turn, message: TabMessage): void {
  const { state } = turn;
  const mine = "about" in message && message.about === state.customer.id;
  if (message.type === "signed_out") turn.signOut("not_signed_in");
  else if (message.type === "figures") {
    if (mine && !state.signedOut) follow(turn, message);
  } else if (!mine) turn.signOut("session_changed");
  else if (state.signedOut) {
    state.signedOut = null;
    if (state.visible) turn.resume(0);
  }
}

/** Takes over what another tab has just read, and lets it go first again, unless it falls silent. */
function follow(turn: Turn, { customer, updatedAt, daily, dailyAt }: SharedFigures): void {
  const { state, moment } = turn;
  if (elapsed(updatedAt, moment.now) > state.intervalMs) return;
  if (updatedAt > state.updatedAt) {
    turn.adopt(customer, updatedAt);
    state.attemptedAt = Math.max(state.attemptedAt, updatedAt);
    if (state.nextAt !== null) turn.wake(turn.soonest(steady(2 * state.intervalMs, moment.random)));
  }
  if (daily && dailyAt > state.dailyAt) {
    turn.adoptDaily(daily, dailyAt);
    state.dailyOwed = false;
  }
}
