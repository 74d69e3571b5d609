import { describe, expect, it } from "vitest";
import { localeOf } from "./locale.server.ts";

const asking = (languages?: string) =>
  new Request(
    "https://usage.example.com/",
    languages === undefined ? {} : { headers: { "accept-language": languages } },
  );

describe("localeOf", () => {
  it.each([
    ["de-CH,de;q=0.9,en;q=0.8", "de-CH"],
    ["*", "en-US"],
    ["xx-not-a-tag!, fr", "fr"],
    [`${"x".repeat(5000)}, de`, "en-US"],
    [undefined, "en-US"],
    ["", "en-US"],
  ])("of %j is %s", (header, locale) => expect(localeOf(asking(header))).toBe(locale));
});
