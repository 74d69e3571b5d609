import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { safeReturnPath } from "#app/auth/return-path.server.ts";
import { runs, text } from "./inputs.ts";

const ORIGIN = "https://usage.acme.test";

vi.mock("#app/config/config.server.ts", () => ({
  config: () => ({ origin: new URL("https://usage.acme.test"), embedOrigins: ["https://acme.test"] }),
}));

const PAGES = ["/", "/dashboard", "/embed", "/embed/hand-over"];

const candidate = fc.oneof(
  // Near to what is let through: otherwise nearly all of it would be turned away by its first character.
  fc.tuple(fc.constantFrom(...PAGES, "/%64ashboard", "/EMBED/"), text).map((parts) => parts.join("")),
  text,
  text.map((rest) => `/${rest}`),
  text.map((rest) => `//${rest}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.anything(),
);

it("a return path, whatever it was, leads to a page of this app that people may be sent to", () => {
  fc.assert(
    fc.property(candidate, (value) => {
      const path = safeReturnPath(value);
      expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
      const url = new URL(path, ORIGIN);
      expect(url.origin).toBe(ORIGIN);
      expect(PAGES).toContain(url.pathname);
      expect(url.searchParams.has("_data")).toBe(false);
      // Safe is safe: to look twice changes nothing.
      expect(safeReturnPath(path)).toBe(path);
    }),
    runs(0.6),
  );
});
