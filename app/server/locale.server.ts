/** The person's language tag for numbers and dates, the same on the server and in the browser. */

/** The first acceptable tag of `Accept-Language`; `en-US` when there is none that Intl knows. */
export function localeOf(request: Request): string {
  const header = request.headers.get("accept-language") ?? "";
  for (const entry of header.slice(0, 200).split(",")) {
    const tag = entry.split(";")[0]?.trim() ?? "";
    try {
      const [locale] = Intl.NumberFormat.supportedLocalesOf(tag);
      if (locale) return locale;
    } catch {
      // Not a language tag at all, such as "*".
    }
  }
  return "en-US";
}
