import { describe, expect, it, vi } from "vitest";

vi.mock("#app/config/config.server.ts", () => ({ config: () => ({ embedOrigins: [] }) }));
const { localeOf, themeOf } = await import("./preferences.server.ts");

const asking = (languages?: string) =>
  new Request(
    "https://usage.example.com/",
    languages === undefined ? {} : { headers: { "accept-language": languages } },
  );

describe("localeOf", () => {
  it.each([
    ["de-CH,de;q=0.9,en;q=0.8", "de-DE"],
    ["is-IS,is;q=0.9,fr-CA;q=0.7,en;q=0.8", "en-US"],
    ["en;q=0.1, fr-CH", "fr-FR"],
    ["fr;q=0, en-AU", "en-IE"],
    ["es-419", "es-US"],
    ["es-ES", "es-AR"],
    ["zh-SG", "zh-CN"],
    ["zh-Hant-HK, ja", "ja-JP"],
    ["ar-EG-u-nu-arab", "ar"],
    ["fa-IR", "en-US"],
    ["x-klingon", "en-US"],
    ["*", "en-US"],
    ["xx-not-a-tag!, fr", "fr-FR"],
    [`${"x".repeat(5000)}, de`, "en-US"],
    [undefined, "en-US"],
    ["", "en-US"],
  ])("of %j is %s", (header, locale) => expect(localeOf(asking(header))).toBe(locale));
});

describe("the theme of a frame", () => {
  const theme = (path: string, cookie = "") =>
    themeOf(new Request(`https://usage.example.com${path}`, { headers: { cookie } }));

  it("is what the page around it asks for, else the cookie", () => {
    expect(theme("/embed?theme=dark", "theme=light")).toBe("dark");
    expect(theme("/embed", "theme=light")).toBe("light");
    expect(theme("/embed?theme=purple")).toBe("system");
  });

  it("is not read from the query of other pages", () => {
    expect(theme("/dashboard?theme=dark")).toBe("system");
  });
});
