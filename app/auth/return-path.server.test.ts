import { describe, expect, it, vi } from "vitest";

vi.mock("#app/config.server.ts", () => ({
  config: () => ({ origin: new URL("https://usage.example.com") }),
}));
const { safeReturnPath } = await import("./return-path.server.ts");

describe("safeReturnPath", () => {
  it.each(["/dashboard", "/dashboard?range=30d&metric=requests", "/dashboard#chart", "/", "/a/%09/b"])(
    "keeps %s",
    (path) => expect(safeReturnPath(path)).toBe(path),
  );

  it.each([
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/ /../\\evil.test",
    "/..//evil.test",
    "/.//evil.test",
    "http:evil.test",
    "https://evil.test/dashboard",
    "javascript:alert(1)",
    "dashboard",
    "",
    `/${"a".repeat(600)}`,
    // Short, and 900 characters once it is encoded.
    `/${"語".repeat(100)}`,
    "/auth/github/callback?code=1&state=2",
    "/AUTH/github",
    "/sign-out",
    "/api/mint-client-token",
    null,
    ["/dashboard", "/x"],
    { toString: () => "/x" },
  ])("falls back to the dashboard for %j", (path) => expect(safeReturnPath(path)).toBe("/dashboard"));

  it("removes dot segments before looking", () => {
    expect(safeReturnPath("/x/../auth/github/callback")).toBe("/dashboard");
    expect(safeReturnPath("/x/../dashboard")).toBe("/dashboard");
  });
});
