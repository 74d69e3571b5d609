/** Intl formatters that write the same on the server and in the browser. */

/**
 * Latin digits, in Arabic too: the same figures stand in invoices, in the CSV file and in the API, and half of the
 * Arabic-speaking countries write them anyway. The calendar is Gregorian because months of usage are.
 */
const DIGITS = { numberingSystem: "latn" } as const;
const CALENDAR = { ...DIGITS, calendar: "gregory" } as const;

const formatters = new Map<string, { format(value: number): string }>();

/** A cached number formatter: creating one costs more than formatting a whole page. */
export function formatter(locale: string, options: Intl.NumberFormatOptions) {
  return cached(
    locale,
    `n${locale}${JSON.stringify(options)}`,
    () => new Intl.NumberFormat(locale, { ...options, ...DIGITS }),
  );
}

/** A date formatter for instants that stand for UTC days. */
export function dayFormatter(locale: string, options: Intl.DateTimeFormatOptions) {
  return cached(
    locale,
    `d${locale}${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale, { ...options, ...CALENDAR, timeZone: "UTC" }),
  );
}

function cached(locale: string, key: string, make: () => { format(value: number): string }) {
  const known = formatters.get(key);
  if (known) return known;
  const made = make();
  const same = { format: (value: number) => uniform(locale, made.format(value)) };
  formatters.set(key, same);
  return same;
}

/**
 * ICU releases differ in the narrow or thin space between digits, in the invisible direction marks of Arabic, and in
 * Spanish in the space before % and the letter for thousands. Node and the browser differ with them: React would
 * discard the server's HTML. A plain no-break space is right in every language, and <bdi> around a value does what the
 * marks are for.
 */
function uniform(locale: string, text: string): string {
  const plain = text.replace(/[\u2009\u202f]/g, "\u00a0").replace(/[\u200e\u200f\u061c]/g, "");
  if (!locale.startsWith("es")) return plain;
  return plain.replace(/(?<=\d)\u00a0?%/, "\u00a0%").replace(/(?<=\d\u00a0)K/, "k");
}

/** An instant in the reader's own time zone. */
export const localTime = (locale: string, options: Intl.DateTimeFormatOptions, ms: number): string =>
  uniform(locale, new Intl.DateTimeFormat(locale, { ...options, ...CALENDAR }).format(ms));
