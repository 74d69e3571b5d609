/** The engine's rules: a pure function of a state and an event to the next state and what is to be done. */
import { dailyAnswered, minted, polled } from "./answers.ts";
import { type Command, type Event, initialState, kept, type State } from "./live-machine.ts";
import { elapsed, remaining, steady } from "./pace.ts";
import type { TabMessage } from "./tabs.ts";
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
  const {
    visible: wasVisible,
    online: wasOnline,
    trouble,
    signedOut,
    nextAt,
    intervalMs,
    mints,
  } = turn.state;
  const { now, random } = turn.moment;
  turn.set({ visible, online });
  if (!visible) turn.halt();
  else if (wasVisible) {
    // A network that returns does so for everybody in the building.
    if (online && !wasOnline && trouble && nextAt !== null) turn.resume(intervalMs * random);
  } else if (!signedOut) turn.resume(trouble ? intervalMs * random : 0);
  // Signing in again elsewhere may have gone unheard: one look per return, at most one per interval.
  else if (turn.soonest(0) === 0 && remaining(mints.hold, now) === 0) turn.mint();
}

function heard(turn: Turn, message: TabMessage): void {
  const { state, moment } = turn;
  const about =
    message.type === "figures"
      ? message.customer.id
      : message.type === "signed_out"
        ? null
        : message.customer;
  const mine = about === state.customer.id;
  if (message.type === "signed_out") turn.signOut("not_signed_in");
  else if (message.type === "signed_in") {
    if (!mine) turn.signOut("session_changed");
    else if (state.signedOut) {
      state.signedOut = null;
      if (state.visible) turn.resume(0);
    }
  } else if (mine && !state.signedOut && elapsed(message.at, moment.now) <= state.intervalMs) {
    if (message.type === "daily") {
      const daily = kept(state.daily, message.daily);
      turn.set({ daily, dailyReason: null, dailyAt: message.at, dailyOwed: false });
    } else if (message.at > state.updatedAt) {
      turn.adopt(message.customer, message.at);
      state.attemptedAt = message.at;
      // The other tab goes first again, unless it falls silent.
      if (state.nextAt !== null) turn.wake(turn.soonest(steady(2 * state.intervalMs, moment.random)));
    }
  }
}
