/** How far a provider's clock may be off ours. */
export const CLOCK_TOLERANCE_SECONDS = 60;
