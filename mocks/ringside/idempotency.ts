/** `Idempotency-Key`: the first answer under a key is the answer, for a day. */
import { HttpResponse } from "msw";
import { DAY_MS } from "./calendar.ts";
import { refusal } from "./refuse.ts";

interface Answer {
  status: number;
  body: object;
}

export class Idempotency {
  readonly #now: () => number;
  readonly #kept = new Map<string, { body: string; answer: Answer; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Runs `act` once per key and body; a repeat gets the first answer, good or bad, even if what it speaks of has
   * been deleted since. Synchronous, so that of two requests at once the second is always a repeat.
   */
  once(key: string | null, body: unknown, act: () => Answer): Response {
    if (key === null) return respond(act());
    const text = JSON.stringify(body);
    const first = this.#kept.get(key);
    if (first && this.#now() - first.at < DAY_MS) {
      return first.body === text
        ? respond(first.answer, { "idempotent-replayed": "true" })
        : refusal(409, "idempotency_key_reused", "This Idempotency-Key was used with another body.");
    }
    const answer = act();
    this.#kept.set(key, { body: text, answer, at: this.#now() });
    return respond(answer);
  }
}

const respond = ({ status, body }: Answer, headers: HeadersInit = {}) =>
  HttpResponse.json(body, { status, headers });
