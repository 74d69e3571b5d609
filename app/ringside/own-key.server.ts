/** Keeps our own key out of what we hand on: a gateway in debug mode may echo the request's headers. */

/** Shorter texts are no secret, and blanking them would blank ordinary words. */
const MIN_KEY_LENGTH = 8;
/** A part of the key this long is as good as the key. */
const PART_LENGTH = 16;
/** No field that we know is longer; longer ones are dropped without a look, which bounds the work. */
const MAX_TEXT_LENGTH = 16_384;
const ENCODING_DEPTH = 3;

/** Whether a text may hold the key, or a long part of it, as it is or encoded. */
export function createKeyDetector(apiKey: string): (text: string) => boolean {
  const key = apiKey.toLowerCase();
  const length = Math.min(PART_LENGTH, key.length);
  const parts = new Set(
    Array.from({ length: key.length - length + 1 }, (_, start) => key.slice(start, start + length)),
  );
  const holdsPart = (text: string) => {
    const lower = text.toLowerCase();
    for (let start = 0; start + length <= lower.length; start += 1)
      if (parts.has(lower.slice(start, start + length))) return true;
    return false;
  };
  const holds = (text: string, depth: number): boolean =>
    text.length >= length &&
    (holdsPart(text) || (depth > 0 && decodings(text).some((decoded) => holds(decoded, depth - 1))));
  return (text) =>
    key.length >= MIN_KEY_LENGTH && (text.length > MAX_TEXT_LENGTH || holds(text, ENCODING_DEPTH));
}

/** The value without each field and array entry that may hold the key, at any depth. */
export function withoutKey(value: unknown, holdsKey: (text: string) => boolean): unknown {
  if (typeof value === "string") return holdsKey(value) ? undefined : value;
  if (Array.isArray(value))
    return value.map((entry) => withoutKey(entry, holdsKey)).filter((entry) => entry !== undefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !holdsKey(name))
      .map(([name, field]) => [name, withoutKey(field, holdsKey)])
      .filter(([, field]) => field !== undefined),
  );
}

/** What the text says in the encodings that headers, URLs, JSON, HTML and tokens use. */
function decodings(text: string): string[] {
  const fromHex = (hex: string) => Buffer.from(hex, "hex").toString("latin1");
  const compact = text.replace(/\s+/g, "");
  return [
    text.replace(/(?:%[\da-f]{2})+/gi, (run) => fromHex(run.replaceAll("%", ""))),
    text
      .replace(/\\u([\da-f]{4})|\\x([\da-f]{2})|&#x([\da-f]{1,6});/gi, (_, ...hex: (string | undefined)[]) =>
        character(Number.parseInt(hex.slice(0, 3).join(""), 16)),
      )
      .replace(/&#(\d{1,7});/g, (_, decimal: string) => character(Number(decimal))),
    // At every offset, since the key may begin anywhere within a group.
    ...runs(compact, /[a-z\d+/_-]{11,}/gi).flatMap((run) =>
      [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), "base64").toString("latin1")),
    ),
    ...runs(compact, /[\da-f]{16,}/gi).flatMap((run) => [fromHex(run), fromHex(run.slice(1))]),
  ].filter((decoded) => decoded !== text);
}

const runs = (text: string, pattern: RegExp) => text.match(pattern) ?? [];
const character = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : "");
