import { describe, expect, it } from "vitest";
import { refusal } from "./refusal.server.ts";
import { routePatterns } from "./route-pattern.server.ts";

const ORIGIN = new URL("https://usage.example.com");
const PATHS = [
  ...["sign-in", "sign-out", "auth/:adapter", "auth/:adapter/callback", "dashboard", "embed"],
  ...["embed/session", "api/mint-client-token", "healthz"],
];
const patternOf = routePatterns({
  root: { path: "" },
  index: { parentId: "root", index: true },
  ...Object.fromEntries(PATHS.map((path) => [path, { path, parentId: "root" }])),
});

async function refused(method: string, path: string, headers: Record<string, string> = {}) {
  const request = new Request(ORIGIN.origin + path, { method, headers });
  const answer = refusal(request, { patternOf, origin: ORIGIN });
  if (!answer) return null;
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const { code } = await answer.json();
  return [answer.status, code, answer.headers.get("allow")];
}

describe("refusal", () => {
  it.each([
    "/",
    "/dashboard",
    "/dashboard.data",
    "/_root.data",
    "/sign-in",
    "/embed",
    "/healthz",
    "/nowhere",
  ])("keeps other origins' writes to %s from Remix, which would log each as an error", async (path) => {
    for (const origin of ["https://evil.example", "null", "garbage", "http://usage.example.com"])
      for (const method of ["POST", "PUT", "PATCH", "DELETE"])
        expect(await refused(method, path, { origin })).toEqual([403, "bad_origin", null]);
  });

  it("keeps other origins' HEAD and preflights of a page's data from Remix, to which they are writes", async () => {
    for (const path of ["/dashboard.data", "/_root.data", "/sign-out.data", "/nowhere.data"]) {
      for (const method of ["HEAD", "OPTIONS"])
        expect(await refused(method, path, { origin: "null" }), path).toEqual([403, "bad_origin", null]);
      expect(await refused("GET", path, { origin: "null" }), path).toBeNull();
    }
    expect(await refused("HEAD", "/dashboard.data", { origin: ORIGIN.origin })).toBeNull();
  });

  it("lets routes with a wall of their own refuse in their own words, but not at the addresses Remix guards", async () => {
    const headers = { origin: "https://evil.example" };
    for (const path of ["/sign-out", "/auth/demo", "/embed/session", "/api/mint-client-token"]) {
      expect(await refused("POST", path, headers), path).toBeNull();
      expect(await refused("POST", `${path}.data`, headers), path).toEqual([403, "bad_origin", null]);
      expect(await refused("DELETE", path, headers), path).toEqual([403, "bad_origin", null]);
    }
  });

  it("takes reads from anywhere: a link, an image, a program", async () => {
    for (const path of ["/", "/dashboard", "/sign-out", "/auth/demo", "/healthz", "/nowhere", "/__manifest"])
      for (const method of ["GET", "HEAD"])
        expect(await refused(method, path, { origin: "https://evil.example" }), path).toBeNull();
  });

  it("holds actions to POST, however their address is spelt", async () => {
    for (const path of ["/sign-out", "/auth/demo", "/embed/session", "/api/mint-client-token"]) {
      expect(await refused("POST", path), path).toBeNull();
      for (const spelt of [path, `${path}/`, path.toUpperCase(), `${path}.data`, `/x/..${path}`])
        for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"])
          expect(await refused(method, spelt), spelt).toEqual([405, "method_not_allowed", "POST"]);
    }
    expect(await refused("DELETE", "/%73ign-out")).toEqual([405, "method_not_allowed", "POST"]);
  });

  it("lets nothing but a GET finish a sign-in", async () => {
    const path = "/auth/demo/callback";
    expect(await refused("GET", `${path}?code=1&state=2`)).toBeNull();
    for (const method of ["HEAD", "OPTIONS", "POST", "PUT"])
      for (const spelt of [path, `${path}/`, "/Auth/demo/%63allback", `${path}.data`])
        expect(await refused(method, spelt), `${method} ${spelt}`).toEqual([
          405,
          "method_not_allowed",
          "GET",
        ]);
  });

  it("says what a page takes, to our own pages too", async () => {
    for (const path of ["/", "/dashboard", "/sign-in.data", "/embed", "/healthz"])
      for (const method of ["POST", "DELETE", "OPTIONS", "PROPFIND"])
        expect(await refused(method, path, { origin: ORIGIN.origin }), path).toEqual([
          405,
          "method_not_allowed",
          "GET, HEAD",
        ]);
  });

  it("refuses the old way to ask for data, which Remix logs as an error", async () => {
    for (const query of ["?_data=routes/dashboard", "?a=1&%5Fdata", "?_data="])
      for (const path of ["/dashboard", "/nowhere", "/auth/demo/callback"])
        expect(await refused("GET", path + query), query).toEqual([400, "bad_request", null]);
    expect(await refused("GET", "/dashboard?data=1&x_data=2")).toBeNull();
  });
});
