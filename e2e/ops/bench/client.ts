/**
 * A page that somebody has open: reads its figures from Ringside every five seconds, and gets a new token from us
 * before the old one ends. When exactly it does is app/usage's to say; this one mints at least as often.
 */
import { setTimeout as pause } from "node:timers/promises";
import { poll, type Token, tokenIn } from "../cluster/crowd.ts";
import type { Visitor } from "../cluster/visitor.ts";

const POLL_MS = 5_000;

export interface Tally {
  /** Milliseconds of each mint. */
  mints: number[];
  polls: number;
  /** What went wrong, in words; nothing should be here. */
  failures: string[];
}

/** Goes on until the signal. @param renewMs how old a token may get */
export async function keepOpen(
  visitor: Visitor,
  origin: string,
  ringsideUrl: string,
  renewMs: number,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  let token: Token | null = null;
  let mintedAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const began = performance.now();
    if (token === null || began - mintedAt >= renewMs) {
      token = await mint(visitor, origin, tally);
      mintedAt = began;
    }
    if (token) {
      const answer = await poll(token, ringsideUrl).catch((error: Error) => error);
      tally.polls += 1;
      if (answer instanceof Error) tally.failures.push(`a poll: ${answer.message}`);
      else {
        if (answer.status !== 200) tally.failures.push(`a poll: ${answer.status}`);
        await answer.arrayBuffer();
      }
    }
    await pause(Math.max(0, POLL_MS - (performance.now() - began)), undefined, { signal }).catch(() => {});
  }
}

async function mint(visitor: Visitor, origin: string, tally: Tally): Promise<Token | null> {
  const asked = performance.now();
  try {
    const answer = await visitor.mint();
    tally.mints.push(performance.now() - asked);
    if (answer.status === 200) return tokenIn(answer, origin);
    tally.failures.push(`a mint: ${answer.status} ${answer.text.slice(0, 200)}`);
  } catch (error) {
    tally.failures.push(`a mint: ${error}`);
  }
  return null;
}
