/**
 * Money is kept in whole millionths of a USD: sums of days are then exact, and a test can compare them with `===`.
 */
export const micros = (amountUsd: number): number => Math.round(amountUsd * 1e6);

export const usd = (amountMicros: number): number => amountMicros / 1e6;

/** An amount somebody might have chosen: two leading digits, never nothing. */
export function roundLimit(amountMicros: number): number {
  if (amountMicros <= 0) return micros(1);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(amountMicros)) - 1);
  return Math.round(amountMicros / step) * step;
}
