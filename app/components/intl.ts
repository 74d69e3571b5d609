/** Intl formatters that write the same on the server and in the browser. */

/** Languages come from a request header: without a limit, a client that varies it fills the server's memory. */
const MAX_FORMATTERS = 500;
const formatters = new Map<string, { format(value: number): string }>();

/** A cached number formatter: creating one costs more than formatting a whole page. */
export function formatter(locale: string, options: Intl.NumberFormatOptions) {
  return cached(`n${locale}${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

/** A date formatter for instants that stand for UTC days. */
export function dayFormatter(locale: string, options: Intl.DateTimeFormatOptions) {
  return cached(
    `d${locale}${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }),
  );
}

function cached(key: string, make: () => { format(value: number): string }) {
  const known = formatters.get(key);
  if (known) return known;
  const made = make();
  const uniform = { format: (value: number) => uniformSpaces(made.format(value)) };
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(key, uniform);
  return uniform;
}

/**
 * ICU releases differ in the narrow or thin space between digits, and Node and the browser differ with them: React
 * would discard the server's HTML. A plain no-break space is right in every language.
 */
const uniformSpaces = (text: string) => text.replace(/[\u2009\u202f]/g, "\u00a0");
