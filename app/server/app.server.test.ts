// @vitest-environment node
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loader as healthz } from "#app/routes/healthz.ts";
import routeConfig from "#app/routes.ts";
import { VERSION } from "./version.server.ts";

// A public deployment.
const ORIGIN = "https://usage.example.com";
Object.assign(process.env, {
  APP_ORIGIN: ORIGIN,
  SESSION_SECRET: "9d1f6c0b7e2a48535c6e81d0f4a7b392",
  RINGSIDE_API_KEY: "sk_live_7a1e90c2",
  AUTH_ADAPTERS: "github",
  GITHUB_CLIENT_ID: "client",
  GITHUB_CLIENT_SECRET: "5b0e77c1d2f94a6688",
  LOG_LEVEL: "silent",
});
const { createApp } = await import("./app.server.ts");

type Module = Record<"action" | "loader" | "handle", unknown>;

/** The app's own routes, so that a new one is tested without being listed here. */
const routes = await Promise.all(
  (await routeConfig).map(async ({ path = "", index, file }) => {
    const module: Module = await import(pathToFileURL(join(import.meta.dirname, "..", file)).href);
    return { path, index, module };
  }),
);
const posts = routes.filter(({ module }) => module.action).map(({ path }) => `/${path}`);

describe("the Express app around every route module", () => {
  const action = vi.fn(() => new Response("done"));
  const directory = mkdtempSync(join(tmpdir(), "client-"));
  let server: Server;

  beforeAll(async () => {
    writeFileSync(join(directory, "file.svg"), "<svg/>");
    const stubs = routes.map(({ path, index, module: { handle, loader, action: real } }) => {
      const id = path || "index";
      // Without pages: the test looks at what comes before them, and at the headers.
      const module = {
        handle,
        ...(loader !== undefined && { loader }),
        ...(real !== undefined && { action }),
      };
      return [id, { id, ...(index ? { index } : { path }), module }];
    });
    const build = {
      routes: {
        ...Object.fromEntries(stubs),
        broken: {
          id: "broken",
          path: "broken",
          module: {
            handle: { methods: ["GET"] },
            loader: () => {
              throw new Error("broken");
            },
          },
        },
      },
      assets: { routes: {}, entry: { module: "", imports: [] }, url: "", version: "" },
      entry: {
        module: {
          default: (_request: Request, status: number, headers: Headers) =>
            new Response("page", { status, headers }),
          handleError() {},
        },
      },
      future: { v3_singleFetch: true },
      basename: "/",
      publicPath: "/",
      assetsBuildDirectory: "",
      isSpaMode: false,
    } as unknown as ServerBuild;
    server = createApp({ build, clientDir: pathToFileURL(`${directory}/`) }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  async function ask(method: string, path: string, headers: Record<string, string> = {}) {
    const { port } = server.address() as AddressInfo;
    const outgoing = request({ port, host: "127.0.0.1", path, method, headers, agent: false }).end();
    const [incoming] = await once(outgoing, "response");
    let text = "";
    for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
    return { status: incoming.statusCode, headers: incoming.headers, text };
  }

  it("finds the routes that change something", () => {
    expect(posts).toEqual(
      expect.arrayContaining(["/api/mint-client-token", "/auth/:adapter", "/embed/session", "/sign-out"]),
    );
  });

  it.each(posts)("runs the action of %s for a POST of our own page and no other", async (pattern) => {
    const path = pattern.replace(/:\w+/g, "github");
    const foreign: Record<string, string>[] = [
      {},
      { origin: "null" },
      { origin: "https://evil.example" },
      { origin: "https://other.example.com", "sec-fetch-site": "same-site" },
      { origin: ORIGIN, "sec-fetch-site": "cross-site" },
    ];
    action.mockClear();
    for (const headers of foreign)
      for (const spelling of [path, `${path}/`, `${path}.data`, path.toUpperCase(), `${path}?index`]) {
        const answer = await ask("POST", spelling, headers);
        expect([answer.status, JSON.parse(answer.text).code], spelling).toEqual([403, "bad_origin"]);
      }
    expect(action).not.toHaveBeenCalled();
    const own = await ask("POST", path, { origin: ORIGIN, "sec-fetch-site": "same-origin" });
    expect([own.status, own.text]).toEqual([200, "done"]);
    expect(action).toHaveBeenCalledOnce();
  });

  it.each([
    ["a response of a route", "GET", "/healthz", 200],
    ["a file", "GET", "/file.svg", 200],
    ["a missing file", "GET", "/assets/none.js", 404],
    ["a redirect", "GET", "/sign-out", 302],
    ["an address without a route", "GET", "/none.php", 404],
    ["an address that is rejected before routing", "GET", "/%zz", 400],
    ["a problem", "POST", "/api/mint-client-token", 403],
    ["a method that is not allowed", "DELETE", "/healthz", 405],
    ["a failure", "GET", "/broken", 500],
  ])("puts the security headers on %s", async (_what, method, path, status) => {
    const { headers, ...answer } = await ask(method, path);
    expect(answer.status).toBe(status);
    expect(headers).toMatchObject({
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
  });

  it("tells the version at /healthz, and in a header of every response", async () => {
    expect(await healthz().text()).toBe(`ok ${VERSION}\n`);
    for (const path of ["/healthz", "/file.svg", "/none.php", "/%zz", "/broken"])
      expect((await ask("GET", path)).headers, path).toMatchObject({ "x-usage-dashboard-version": VERSION });
  });
});
