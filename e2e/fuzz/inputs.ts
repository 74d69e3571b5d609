/** What an attacker would send: arbitrary text, and the pieces that parsers are known to disagree about. */
import fc from "fast-check";

/** 100,000 inputs with `npm run fuzz`; a tenth of it, in a few seconds, with every `npm test`. */
const TOTAL = import.meta.env.MODE === "fuzz" ? 100_000 : 10_000;

const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** @param share of all inputs @returns what fc.assert takes; the seed is told, so that a finding can be had again */
export function runs(share: number): { numRuns: number; seed: number } {
  const numRuns = TOTAL * share;
  process.stdout.write(`fuzz: ${numRuns} inputs, FUZZ_SEED=${seed}\n`);
  return { numRuns, seed };
}

const pieces = [
  ..."/\\?#@:;&=%.,<>\"'`{}[]|~ \t\r\n\0",
  ...[
    "//",
    "/\\",
    "/..",
    "/.",
    "%2f",
    "%5c",
    "%00",
    "%0d%0a",
    "%zz",
    "%c0%af",
    "\u2028",
    "\u202e",
    "\ufeff",
    "ſ",
  ],
  ...[
    "https:",
    "javascript:",
    "data:",
    "evil.test",
    "localhost",
    "usage.acme.test",
    "dashboard",
    "sign-in",
    "api",
  ],
  ...[
    "auth",
    "sign-out",
    "__proto__",
    "constructor",
    "null",
    "undefined",
    "-1",
    "1e999",
    "<script>",
    "{{7*7}}",
  ],
];

export const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join("")),
  fc.string({ maxLength: 20 }).map((part) => part.repeat(60)),
);

/** Text as it can be in a header: Node refuses anything else before it reaches us. */
export const headerText = text.map((value) => value.replace(/[^\x20-\x7e\x80-\xff]/g, "?").trim());

/** Mostly one of ours, sometimes the stranger's. */
export const oneOf = <T, U>(ours: readonly T[], theirs: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ arbitrary: fc.constantFrom(...ours), weight: 2 }, { arbitrary: theirs, weight: 1 });

/** A value with one character changed, put in or taken out, or as it was. */
export const tampered = (value: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(value.length), fc.constantFrom("", "A", ".", "=", "\u00ff"), fc.nat(1))
    .map(([at, put, taken]) => value.slice(0, at) + put + value.slice(at + taken));
