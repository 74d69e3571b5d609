/** What must hold whatever happens, checked at every request that a tab sends. */
import type { CallKind, Received, Service } from "./service.ts";
import type { Tab } from "./world.ts";

/** The interval, less what floating point loses. */
const INTERVAL_MS = 5_000 - 0.01;
const COOL_DOWN_MS = 30_000 - 0.01;
const REFUSALS: Received["status"][] = [401, 404];

export class Laws {
  readonly breaches: string[] = [];
  #disturbedAt = Number.NEGATIVE_INFINITY;
  readonly #last: Partial<Record<CallKind, Received>> = {};
  #mintedSincePoll = 0;
  #forcedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly service: Service,
    private readonly tab: Tab,
  ) {}

  /** The clock jumped or the laptop slept: what was measured across that moment proves nothing. */
  disturbed(): void {
    this.#disturbedAt = this.service.clock.elapsed;
    this.#mintedSincePoll = 0;
  }

  /** To be called as a request is sent, before it is answered. */
  sent(call: Received): void {
    const { kind, at } = call;
    const { phase } = this.tab.engine.snapshot();
    this.#expect(this.tab.visible.get(), `a ${kind} from a hidden tab`);
    this.#expect(kind === "mint" || phase !== "signed_out", `a ${kind} after sign-out`);
    const open = this.service.received.filter((other) => other.kind === kind && other.status === "open");
    this.#expect(open.length === 1, `${open.length} of kind ${kind} in flight`);
    const last = this.#last[kind];
    if (kind === "poll") this.#poll(call, last);
    if (kind === "mint") this.#mint(at, last);
    this.#last[kind] = call;
  }

  #poll(call: Received, last: Received | undefined): void {
    this.#mintedSincePoll = 0;
    if (!last || this.#disturbedAt >= last.at) return;
    const rebuilt = REFUSALS.includes(last.status) && call.token !== last.token;
    this.#expect(rebuilt || call.at - last.at >= INTERVAL_MS, `polls ${call.at - last.at} ms apart`);
    this.#expect(last.status !== 401 || call.token !== last.token, "a rejected token was sent again");
  }

  #mint(at: number, last: Received | undefined): void {
    const poll = this.#last.poll;
    if (!last || this.#disturbedAt >= last.at) return;
    const forced = poll !== undefined && REFUSALS.includes(poll.status) && poll.at >= last.at;
    this.#expect(forced || at - last.at >= INTERVAL_MS, `mints ${at - last.at} ms apart`);
    if (last.status === 200 && last.token) this.#mintedSincePoll += 1;
    this.#expect(this.#mintedSincePoll <= 1, "two tokens minted and none of them used");
    if (!forced) return;
    const since = at - this.#forcedAt;
    this.#expect(
      since >= COOL_DOWN_MS || this.#disturbedAt >= this.#forcedAt,
      `forced mints ${since} ms apart`,
    );
    this.#forcedAt = at;
  }

  #expect(holds: boolean, breach: string): void {
    if (!holds) this.breaches.push(`${this.service.clock.elapsed}: ${breach}`);
  }
}
