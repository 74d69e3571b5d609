/** The Client Token: how the browser gets one from our server, and how long it may be used. */
import { parseClientToken } from "#app/ringside/contract.ts";
import { type Answer, fetchJson, type Network } from "#app/ringside/fetch-json.ts";
import { elapsed } from "./pace.ts";

/** Held in the engine's memory only. Lengths are counted from `from`, before the mint was asked for. */
export interface ClientToken {
  readonly value: string;
  readonly from: number;
  readonly lifeMs: number;
  readonly renewMs: number;
  /** How far Ringside's clock is ahead of this browser's. */
  readonly serverAheadMs: number;
}

export const isUsable = (token: ClientToken, now: number) => elapsed(token.from, now) < token.lifeMs;
export const isRenewalDue = (token: ClientToken, now: number) => elapsed(token.from, now) >= token.renewMs;

export type MintAnswer = Answer<ClientToken>;

/**
 * Asks our server for a token; `unauthorized` means signed out.
 * @param customer what this page shows: `conflict` when the session has become somebody else's
 */
export function mintClientToken(
  network: Network,
  url: string,
  customer: string,
  signal: AbortSignal,
): Promise<MintAnswer> {
  const from = network.now();
  const headers = { accept: "application/json", "content-type": "application/json" };
  const body = JSON.stringify({ customer });
  // Manual: a followed redirect to somebody's sign-in page would be HTML with a 200.
  const init = {
    method: "POST",
    credentials: "same-origin",
    redirect: "manual",
    headers,
    body,
    signal,
  } as const;
  return fetchJson(network, url, init, (answer, sent) => {
    const { token, expiresAt } = parseClientToken(answer);
    const date = Date.parse(sent.get("date") ?? "");
    const serverNow = Number.isNaN(date) ? from : date;
    return { value: token, from, ...lifetime(expiresAt - serverNow), serverAheadMs: serverNow - from };
  });
}

const RENEW_AFTER_MS = 240_000;

/**
 * Ringside's lifetimes are 60 to 3600 s. A figure outside comes from a wrong clock: believing it would mint per
 * poll, or never, so it is drawn in, and the server's 401 stays the judge.
 */
function lifetime(ttlMs: number): { lifeMs: number; renewMs: number } {
  const lifeMs = Math.min(Math.max(ttlMs, 60_000), 3_600_000);
  return { lifeMs, renewMs: Math.min(lifeMs - Math.min(30_000, lifeMs * 0.2), RENEW_AFTER_MS) };
}
