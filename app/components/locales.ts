/**
 * The locales in which numbers and days are written. Node formats for every locale there is; browsers ship fewer, and
 * fall back to another one: React would discard the server's HTML. So only locales that Node, Chromium, Firefox and
 * WebKit write alike are used: one for each language, and a second where regions swap day and month or the decimal
 * sign. e2e/ui/locales.spec.ts and e2e/browsers compare them. Engines differ on en-GB, es-ES, es-MX, de-CH and fr-CH.
 */
export const formatLocales = [
  "en-US",
  "en-IE",
  "de-DE",
  "fr-FR",
  "es-AR",
  "es-US",
  "pt-BR",
  "ja-JP",
  "zh-CN",
  "ar",
] as const;

export type FormatLocale = (typeof formatLocales)[number];

const DEFAULT: FormatLocale = "en-US";

/** Month before day; the rest of the world writes English with the day first. */
const AMERICAN_ENGLISH = ["US", "CA", "PH", "PR", "GU", "VI", "AS"];
/** Decimal points; the other Spanish-speaking countries write decimal commas. */
const POINT_SPANISH = ["419", "MX", "US", "DO", "GT", "HN", "NI", "PA", "PE", "PR", "SV"];

/** The locale for a language tag; null for a language that is not among them, and for text that is no tag. */
function formatLocaleOf(tag: string): FormatLocale | null {
  let parsed: Intl.Locale;
  try {
    parsed = new Intl.Locale(tag);
  } catch {
    // Such as "*".
    return null;
  }
  const { language, region } = parsed;
  if (language === "en") return !region || AMERICAN_ENGLISH.includes(region) ? "en-US" : "en-IE";
  if (language === "es") return region && POINT_SPANISH.includes(region) ? "es-US" : "es-AR";
  // Readers of traditional characters have another language on their list, or English.
  if (language === "zh" && parsed.maximize().script !== "Hans") return null;
  return formatLocales.find((locale) => locale.split("-")[0] === language) ?? null;
}

/** The locale for an `Accept-Language` header: of the first language in order of preference that is among them. */
export function negotiateLocale(header: string): FormatLocale {
  const preferred = header
    // No browser's is longer; a client may send anything.
    .slice(0, 500)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim());
      const quality = parameters.find((each) => each.startsWith("q="))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of preferred) {
    const locale = formatLocaleOf(tag);
    if (locale) return locale;
  }
  return DEFAULT;
}
