/** Keeps secrets out of everything the suite prints or writes. */

const VISIBLE = 6;

export class Secrets {
  readonly #values = new Set<string>();

  /** Short values are left: a cookie `theme=dark` is no secret, and "dark" would vanish from every sentence. */
  add(...values: (string | null | undefined)[]): void {
    for (const value of values) if (value && value.length > VISIBLE) this.#values.add(value);
  }

  /** The text without any secret, in any of its usual encodings, and without anything that looks like one. */
  redact(text: string): string {
    const found = [...this.#values].flatMap(encodings).sort((a, b) => b.length - a.length);
    return found
      .reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text)
      .replace(/eyJ[\w-]{4,}(\.[\w-]*){1,4}/g, "[redacted]")
      .replace(/\b(sk|ko|pk)_(live_|test_)?\w{8,}/g, "[redacted]")
      .replace(/\b(Bearer|Client) +[^\s"',;)]{12,}/g, "$1 [redacted]");
  }
}

/** How a value may stand in a page, a script, an address or a log. */
export function encodings(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) =>
    // A value inside a longer text is aligned in one of three ways; the edges depend on its neighbours.
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "")
      .slice(shift ? 4 : 0, -3),
  );
  const all = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    [...value].reverse().join(""),
    bytes.toString("hex"),
    [...bytes].join(","),
    [...bytes].join(", "),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return [...new Set(all.filter((text) => text.length > VISIBLE))];
}

/** Whether the text holds the key, whole, encoded, or as a part too long to be chance. */
export function holdsKey(text: string, key: string): boolean {
  if (encodings(key).some((form) => text.includes(form))) return true;
  const random = key.replace(/^[a-z]+_(live_|test_)?/, "");
  const half = Math.ceil(random.length / 2);
  return half >= 10 && [random.slice(0, half), random.slice(half)].some((part) => text.includes(part));
}
