/** Intl, made the same on the server and in the browser. */

/** Languages come from a request header: without a limit, whoever varies it fills the server's memory. */
const MOST = 500;
const formatters = new Map<string, { format(value: number): string }>();

/** A number formatter; kept, because making one costs more than a whole page of formatting. */
export function formatter(locale: string, options: Intl.NumberFormatOptions) {
  return kept(`n${locale}${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));
}

/** A date formatter for instants that stand for UTC days. */
export function dayFormatter(locale: string, options: Intl.DateTimeFormatOptions) {
  return kept(
    `d${locale}${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }),
  );
}

function kept(key: string, make: () => { format(value: number): string }) {
  const known = formatters.get(key);
  if (known) return known;
  const made = make();
  const uniform = { format: (value: number) => uniformSpaces(made.format(value)) };
  if (formatters.size >= MOST) formatters.clear();
  formatters.set(key, uniform);
  return uniform;
}

/**
 * Which narrow or thin space stands between digits changes from one ICU release to the next, and Node's is not
 * the browser's: React would throw the server's HTML away. A plain no-break space is right in every language.
 */
const uniformSpaces = (text: string) => text.replace(/[\u2009\u202f]/g, "\u00a0");
