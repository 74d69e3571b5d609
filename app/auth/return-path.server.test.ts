import { beforeEach, describe, expect, it, vi } from "vitest";

const settings = { origin: new URL("https://usage.example.com"), embedOrigins: [] as string[] };
vi.mock("#app/config/config.server.ts", () => ({ config: () => settings }));
const { safeReturnPath } = await import("./return-path.server.ts");

describe("safeReturnPath", () => {
  beforeEach(() => {
    settings.embedOrigins = [];
  });

  it.each(["/dashboard", "/dashboard?range=30d&metric=requests", "/dashboard#chart", "/", "/?a=%2F"])(
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
    "/%61pi/mint-client-token",
    "/dashboard.data",
    "/_root.data",
    "/healthz",
    "/readyz",
    "/__manifest?version=x",
    "/assets/root.css",
    "/embed",
    "/embed/hand-over",
    "/embed/session",
    "/dashboard?_data=routes/dashboard",
    "/nowhere",
    "/a/%09/b",
    "/dashboard%2F..%2Fsign-out",
    "/dashboard//",
    "/%zz",
    null,
    ["/dashboard", "/x"],
    { toString: () => "/x" },
  ])("falls back to the dashboard for %j", (path) => expect(safeReturnPath(path)).toBe("/dashboard"));

  it("leads to the pages of embedding while there are any", () => {
    settings.embedOrigins = ["https://acme.test"];
    for (const path of ["/embed", "/embed/hand-over", "/embed?a=1"]) expect(safeReturnPath(path)).toBe(path);
    for (const path of ["/embed/session", "/embed.data"]) expect(safeReturnPath(path)).toBe("/dashboard");
  });

  it("takes a page in any spelling that the router would, and gives it in ours", () => {
    for (const path of ["/Dashboard", "/dashboard/", "/%64ashboard"])
      expect(safeReturnPath(`${path}?range=7d`)).toBe("/dashboard?range=7d");
  });

  it("removes dot segments before looking", () => {
    expect(safeReturnPath("/x/../auth/github/callback")).toBe("/dashboard");
    expect(safeReturnPath("/x/../dashboard")).toBe("/dashboard");
  });
});
