/** Apart from the contract, because the page needs it before the engine's code is loaded. */

/** The spellings of a calendar month that accounts use for a budget's period. */
export const isMonth = (period: string) => /^(month.*|calendar[ _-]?month|1 ?mo(nth)?|mtd)$/i.test(period);
