/** The Client Token: how the browser gets one from our server, how long it is used, and when it is renewed. */
import { parseClientToken } from "#app/ringside/contract.ts";
import { type Network, type Result, requestJson } from "#app/ringside/http.ts";
import { elapsed } from "./timing.ts";

/** In the engine's memory only. Lengths count from `from`, the moment before the mint was requested. */
export interface ClientToken {
  readonly value: string;
  readonly from: number;
  readonly lifeMs: number;
  readonly renewMs: number;
  /** How far Ringside's clock is ahead of this browser's; null when the reply had no `Date`. */
  readonly serverAheadMs: number | null;
}

export const isUsable = (token: ClientToken, now: number) => elapsed(token.from, now) < token.lifeMs;
export const isRenewalDue = (token: ClientToken, now: number) => elapsed(token.from, now) >= token.renewMs;

export type MintResult = Result<ClientToken>;

/**
 * Requests a token from our server; `unauthorized` means signed out.
 * @param customer the one that this page shows: `conflict` when the session belongs to another user by now
 */
export function mintClientToken(
  network: Network,
  url: string,
  customer: string,
  signal: AbortSignal,
): Promise<MintResult> {
  const from = network.now();
  const headers = { accept: "application/json", "content-type": "application/json" };
  const body = JSON.stringify({ customer });
  const init = {
    method: "POST",
    credentials: "same-origin",
    headers,
    body,
    signal,
  } as const;
  return requestJson(network, url, init, (reply, responseHeaders) => {
    const { token, expiresAt } = parseClientToken(reply);
    const date = Date.parse(responseHeaders.get("date") ?? "");
    const serverAheadMs = Number.isNaN(date) ? null : date - from;
    return { value: token, from, ...lifetime(expiresAt - from - (serverAheadMs ?? 0)), serverAheadMs };
  });
}

const RENEW_AFTER_MS = 240_000;
/** Renewal comes this long before the end, or at 80 % of a short lifetime. */
const RENEWAL_MARGIN_MS = 30_000;

/**
 * Ringside's lifetimes are 60 to 3600 s. A value outside that range comes from a wrong clock: taken literally it
 * would mint at every poll, or never. It is clamped, and the server's 401 decides.
 */
function lifetime(ttlMs: number): { lifeMs: number; renewMs: number } {
  const lifeMs = Math.min(Math.max(ttlMs, 60_000), 3_600_000);
  return { lifeMs, renewMs: Math.min(lifeMs - Math.min(RENEWAL_MARGIN_MS, lifeMs * 0.2), RENEW_AFTER_MS) };
}
