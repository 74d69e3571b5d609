import { describe, expect, it, vi } from "vitest";

vi.mock("#app/config/config.server.ts", () => ({
  config: () => ({ origin: new URL("https://usage.example.com") }),
}));
const { isSameOrigin, rejectUnsupported, routeTable, targetProblem } = await import("./guard.server.ts");

const ORIGIN = "https://usage.example.com";
const PAGE = { handle: { methods: ["GET", "HEAD"] }, loader: () => null };
const POST = { handle: { methods: ["POST"] } };
const SIGN_IN = { ...POST, loader: () => null };
const ROUTES = {
  "sign-in": PAGE,
  "sign-out": SIGN_IN,
  "auth/:adapter": SIGN_IN,
  "auth/:adapter/callback": { handle: { methods: ["GET"] }, loader: () => null },
  dashboard: PAGE,
  embed: PAGE,
  "embed/session": POST,
  "api/mint-client-token": POST,
  healthz: PAGE,
};
const routeOf = routeTable({
  root: { path: "" },
  index: { parentId: "root", index: true, module: PAGE },
  ...Object.fromEntries(
    Object.entries(ROUTES).map(([path, module]) => [path, { path, parentId: "root", module }]),
  ),
});

const NOT_OURS: Record<string, string>[] = [{}, { origin: "https://evil.example" }, { origin: "null" }];

/** The status, code and Allow header of the rejection; null for a request that goes on to Remix. */
async function rejected(method: string, path: string, headers: Record<string, string> = {}) {
  const response = rejectUnsupported(new Request(ORIGIN + path, { method, headers }), routeOf);
  if (!response) return null;
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { code } = await response.json();
  return [response.status, code, response.headers.get("allow")];
}

describe("rejectUnsupported", () => {
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
        expect(await rejected(method, path, { origin })).toEqual([403, "bad_origin", null]);
  });

  it("keeps other origins' HEAD and preflights of a page's data from Remix, to which they are writes", async () => {
    for (const path of ["/dashboard.data", "/_root.data", "/sign-out.data", "/nowhere.data"]) {
      for (const method of ["HEAD", "OPTIONS"])
        expect(await rejected(method, path, { origin: "null" }), path).toEqual([403, "bad_origin", null]);
      expect(await rejected("GET", path, { origin: "null" }), path).toBeNull();
    }
    expect(await rejected("HEAD", "/dashboard.data", { origin: ORIGIN })).toBeNull();
  });

  it("takes a POST from our own pages only, at every spelling of an address that takes one", async () => {
    for (const path of ["/sign-out", "/auth/demo", "/embed/session", "/api/mint-client-token"])
      for (const spelling of [path, `${path}/`, path.toUpperCase(), `${path}.data`]) {
        expect(await rejected("POST", spelling, { origin: ORIGIN }), spelling).toBeNull();
        for (const headers of NOT_OURS)
          expect(await rejected("POST", spelling, headers), spelling).toEqual([403, "bad_origin", null]);
        expect(await rejected("DELETE", spelling, { origin: "https://evil.example" })).toEqual([
          403,
          "bad_origin",
          null,
        ]);
      }
  });

  it("takes the Origin null of our own form behind a no-referrer proxy, but not at .data, over which Remix throws", async () => {
    const headers = { origin: "null", "sec-fetch-site": "same-origin" };
    expect(await rejected("POST", "/sign-out", headers)).toBeNull();
    expect(await rejected("POST", "/sign-out.data", headers)).toEqual([403, "bad_origin", null]);
  });

  it("takes reads from anywhere: a link, an image, a program", async () => {
    for (const path of ["/", "/dashboard", "/sign-out", "/auth/demo", "/healthz", "/nowhere"])
      for (const method of ["GET", "HEAD"])
        expect(await rejected(method, path, { origin: "https://evil.example" }), path).toBeNull();
  });

  it("takes POST alone where there is an action, at every spelling of the address", async () => {
    for (const path of ["/sign-out", "/auth/demo", "/embed/session", "/api/mint-client-token"]) {
      for (const spelling of [path, `${path}/`, path.toUpperCase(), `${path}.data`, `/x/..${path}`])
        for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"])
          expect(await rejected(method, spelling), spelling).toEqual([405, "method_not_allowed", "POST"]);
    }
    expect(await rejected("DELETE", "/%73ign-out")).toEqual([405, "method_not_allowed", "POST"]);
  });

  it("lets nothing but a GET finish a sign-in", async () => {
    const path = "/auth/demo/callback";
    expect(await rejected("GET", `${path}?code=1&state=2`)).toBeNull();
    for (const method of ["HEAD", "OPTIONS", "POST", "PUT"])
      for (const spelling of [path, `${path}/`, "/Auth/demo/%63allback", `${path}.data`])
        expect(await rejected(method, spelling), `${method} ${spelling}`).toEqual([
          405,
          "method_not_allowed",
          "GET",
        ]);
  });

  it("shows a GET of an address that takes POST its loader, where it has one", async () => {
    for (const path of ["/sign-out", "/auth/demo"]) expect(await rejected("GET", path)).toBeNull();
    for (const path of ["/embed/session", "/api/mint-client-token"])
      for (const method of ["GET", "HEAD"])
        expect(await rejected(method, path), path).toEqual([405, "method_not_allowed", "POST"]);
  });

  it("says what a page takes, to our own pages too", async () => {
    for (const path of ["/", "/dashboard", "/sign-in.data", "/embed", "/healthz"])
      for (const method of ["POST", "DELETE", "OPTIONS", "PROPFIND"])
        expect(await rejected(method, path, { origin: ORIGIN }), path).toEqual([
          405,
          "method_not_allowed",
          "GET, HEAD",
        ]);
  });

  it("refuses the old way to ask for data, which Remix logs as an error", async () => {
    for (const query of ["?_data=routes/dashboard", "?a=1&%5Fdata", "?_data="])
      for (const path of ["/dashboard", "/nowhere", "/auth/demo/callback"])
        expect(await rejected("GET", path + query), query).toEqual([400, "bad_request", null]);
    expect(await rejected("GET", "/dashboard?data=1&x_data=2")).toBeNull();
  });

  it("shows people a page that leads to the app's own address", async () => {
    const headers = { accept: "text/html,*/*;q=0.8", origin: "http://10.0.0.5:3000" };
    const request = new Request(`${ORIGIN}/sign-out`, { method: "POST", headers });
    const response = rejectUnsupported(request, routeOf);
    expect(response?.status).toBe(403);
    expect(response?.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await response?.text()).toContain(`<a href="${ORIGIN}/">`);
  });
});

const patternOf = (path: string) =>
  routeTable({
    root: { path: "" },
    "routes/_index": { parentId: "root", index: true, module: PAGE },
    "routes/auth.$adapter": { path: "auth/:adapter", parentId: "root", module: SIGN_IN },
    "routes/auth.$adapter.callback": { path: "auth/:adapter/callback", parentId: "root", module: PAGE },
    "routes/auth.help": { path: "auth/help", parentId: "root", module: PAGE },
    "routes/team": { path: "team", parentId: "root", module: PAGE },
    "routes/team.member": { path: ":member", parentId: "routes/team", module: PAGE },
  })(path).pattern;

describe("routeTable", () => {
  it.each([
    ["/", "/"],
    ["/_root.data", "/"],
    ["/auth/github", "/auth/:adapter"],
    ["/auth/help", "/auth/help"],
    ["/auth/github/callback", "/auth/:adapter/callback"],
    ["/auth/", "other"],
    ["/AUTH/help/", "/auth/help"],
    ["/auth/github/%63allback", "/auth/:adapter/callback"],
    ["/auth/github%2Fcallback", "other"],
    ["/%zz", "other"],
    ["/team/ada", "/team/:member"],
    ["/team.data", "/team"],
    ["/assets/entry-abc.js", "/assets/*"],
    ["/wp-login.php", "other"],
  ])("%s is %s", (path, pattern) => expect(patternOf(path)).toBe(pattern));

  it("does not start with a route that does not say which methods it takes", () => {
    expect(() => routeTable({ "routes/new": { path: "new", module: {} } })).toThrow(
      /routes\/new must export/,
    );
  });
});

describe("targetProblem", () => {
  it.each([
    [`/${"a/".repeat(600)}`, "uri_too_long"],
    [`/${"x".repeat(1_024)}`, "uri_too_long"],
    [`/dashboard?range=7d&${"x".repeat(2_040)}`, "uri_too_long"],
    [`/sign-in.data?${"x".repeat(2_049)}`, "uri_too_long"],
    [`/${"a/".repeat(17)}`, "not_found"],
    ["//evil.test/x", "not_found"],
    ["/dashboard//", "not_found"],
    ["/auth/github%2fcallback", "not_found"],
    ["/\\evil.test", "not_found"],
    ["/%5Cevil.test", "not_found"],
    ["/a/../dashboard", "bad_request"],
    ["/%2e%2e/dashboard", "bad_request"],
    ["/./", "bad_request"],
    ["/%zz", "bad_request"],
    ["/%c0%af", "bad_request"],
    ["/dashboard%", "bad_request"],
    ["/%zz.data", "bad_request"],
    ["/a%00b", "bad_request"],
    ["*", "bad_request"],
    ["http://evil.test/x", "bad_request"],
    ["", "bad_request"],
    [`/dashboard?${"index=a&".repeat(101)}`, "bad_request"],
  ])("of %s is %s", (target, problem) => expect(targetProblem(target)).toBe(problem));

  it.each([
    `/auth/oidc:okta/callback?code=${"x".repeat(6_000)}`,
    `/dashboard?${"x".repeat(2_048)}`,
    "/",
    "/dashboard?range=7d",
    "/auth/oidc:okta/callback?code=%zz&state=//",
    "/.well-known/x",
    "/a.b..c",
  ])("of %s is none", (target) => expect(targetProblem(target)).toBeNull());
});

const post = (headers: Record<string, string>) => new Request(`${ORIGIN}/x`, { method: "POST", headers });

describe("isSameOrigin", () => {
  it("takes our own pages, in browsers with and without Fetch Metadata", () => {
    expect(isSameOrigin(post({ origin: ORIGIN, "sec-fetch-site": "same-origin" }))).toBe(true);
    expect(isSameOrigin(post({ origin: ORIGIN }))).toBe(true);
    expect(isSameOrigin(post({ origin: "null", "sec-fetch-site": "same-origin" }))).toBe(true);
  });

  it.each([
    {},
    { "sec-fetch-site": "same-origin" },
    { origin: "null" },
    // A sandboxed frame, or a redirect through another site.
    { origin: "null", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "same-site" },
    { origin: "null", "sec-fetch-site": "none" },
    { origin: "https://evil.test", "sec-fetch-site": "same-origin" },
    { origin: "https://evil.test" },
    { origin: "http://usage.example.com" },
    { origin: "https://usage.example.com:8443" },
    { origin: "https://usage.example.com.evil.test" },
    { origin: ORIGIN, "sec-fetch-site": "cross-site" },
    { origin: ORIGIN, "sec-fetch-site": "same-site" },
    { origin: ORIGIN, "sec-fetch-site": "none" },
  ] as Record<string, string>[])("refuses %j", (headers) => expect(isSameOrigin(post(headers))).toBe(false));

  it("never takes our own origin from the request", () => {
    const spoofed = new Request("https://evil.test/x", {
      method: "POST",
      headers: { origin: "https://evil.test", host: "evil.test", "x-forwarded-host": "evil.test" },
    });
    expect(isSameOrigin(spoofed)).toBe(false);
  });
});
