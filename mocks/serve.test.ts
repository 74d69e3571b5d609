import { connect } from "node:net";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Served, type ServeOptions, serve } from "./serve.ts";

let served: Served | undefined;
afterEach(() => served?.close());

async function start(handlers: Parameters<typeof serve>[0], options: Partial<ServeOptions> = {}) {
  served = await serve(handlers, { port: 0, ...options });
  return served.url;
}

describe("serve", () => {
  it("hands the handler the method, decoded path, query, headers and body", async () => {
    const url = await start([
      http.post("/v1/things/:ref", async ({ request, params }) =>
        HttpResponse.json({
          ref: params["ref"],
          q: new URL(request.url).searchParams.get("q"),
          header: request.headers.get("x-header"),
          body: await request.json(),
        }),
      ),
    ]);
    const response = await fetch(`${url}/v1/things/ext:auth0%7Ca%2Fb%3Fc%23d%252F..?q=1%202`, {
      method: "POST",
      headers: { "x-header": "yes" },
      body: JSON.stringify({ name: "Ångström" }),
    });
    expect(await response.json()).toEqual({
      ref: "ext:auth0|a/b?c#d%2F..",
      q: "1 2",
      header: "yes",
      body: { name: "Ångström" },
    });
  });

  it("sends status, several cookies and the handler's own Date", async () => {
    const url = await start([
      http.get("/", () => {
        const headers = new Headers({ date: "Thu, 01 Jan 1970 00:00:00 GMT" });
        headers.append("set-cookie", "a=1; Path=/");
        headers.append("set-cookie", "b=2; Path=/");
        return new HttpResponse("teapot", { status: 418, headers });
      }),
    ]);
    const response = await fetch(url);
    expect(response.status).toBe(418);
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"]);
    expect(response.headers.get("date")).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
    expect(await response.text()).toBe("teapot");
  });

  it("turns Response.error() into a destroyed socket", async () => {
    const url = await start([http.get("/", () => HttpResponse.error())]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  it("answers 404 without a match, 413 over 1 MB, 400 for a path that cannot be decoded", async () => {
    const url = await start([http.post("/v1/:ref", () => HttpResponse.json({}))]);
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/v1/a`, { method: "POST", body: "x".repeat(1_048_576) })).status).toBe(200);
    expect((await fetch(`${url}/v1/a`, { method: "POST", body: "x".repeat(1_048_577) })).status).toBe(413);
    expect((await fetch(`${url}/v1/%zz`, { method: "POST" })).status).toBe(400);
  });

  it("ignores the host that a request names", async () => {
    const url = await start([http.get("*", ({ request }) => HttpResponse.text(request.url))]);
    const { hostname, port } = new URL(url);
    const answer = await raw(Number(port), hostname, "GET //evil.test/x HTTP/1.1\r\nHost: evil.test");
    expect(answer).toContain(`${url}//evil.test/x`);
  });

  it("answers 500 and reports when a handler throws, and sends a thrown Response as it is", async () => {
    const url = await start([
      http.get("/bug", () => {
        throw new Error("a bug in the mock");
      }),
      http.get("/refusal", () => {
        throw HttpResponse.json({ code: "no" }, { status: 403 });
      }),
    ]);
    expect((await fetch(`${url}/bug`)).status).toBe(500);
    expect(console.error).toHaveBeenCalledWith(new Error("a bug in the mock"));
    vi.mocked(console.error).mockClear();
    expect((await fetch(`${url}/refusal`)).status).toBe(403);
  });

  it("runs `around` for API requests, matched or not, but not for the control API", async () => {
    const seen: string[] = [];
    const url = await start([http.get("/v1/a", () => HttpResponse.text("a"))], {
      control: [http.get("/__control/health", () => HttpResponse.json({ ok: true }))],
      around: async (request, next) => {
        const response = await next();
        seen.push(`${request.method} ${new URL(request.url).pathname} ${response.status}`);
        return response;
      },
    });
    await fetch(`${url}/v1/a`);
    await fetch(`${url}/v1/b`, { method: "OPTIONS" });
    expect((await fetch(`${url}/__control/health`)).status).toBe(200);
    expect((await fetch(`${url}/__control/nothing`)).status).toBe(404);
    expect(seen).toEqual(["GET /v1/a 200", "OPTIONS /v1/b 404"]);
  });

  it("survives a client that disconnects in the middle of its request", async () => {
    const url = await start([http.post("/", () => HttpResponse.text("read"))]);
    const { hostname, port } = new URL(url);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`POST / HTTP/1.1\r\nHost: mock\r\nContent-Length: 10\r\n\r\nhalf`, () =>
          socket.destroy(),
        );
      });
      socket.on("close", () => resolve());
      socket.on("error", reject);
    });
    expect(await (await fetch(url, { method: "POST", body: "whole" })).text()).toBe("read");
  });

  it("rejects when the port is taken", async () => {
    await start([]);
    await expect(serve([], { port: served!.port })).rejects.toThrow("EADDRINUSE");
  });

  it("closes while a keep-alive socket is open and a request is unanswered", async () => {
    const { promise: arrived, resolve: arrive } = deferred();
    const url = await start([
      http.get("/idle", () => HttpResponse.text("done")),
      http.get("/busy", () => {
        arrive();
        return new Promise<never>(() => {});
      }),
    ]);
    await (await fetch(`${url}/idle`)).text();
    const busy = fetch(`${url}/busy`);
    const failed = expect(busy).rejects.toThrow("fetch failed");
    await arrived;
    await served!.close();
    served = undefined;
    await failed;
    await expect(fetch(`${url}/idle`)).rejects.toThrow("fetch failed");
  });
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** Sends a request line that fetch would normalise away. */
function raw(port: number, host: string, head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, host, () => socket.write(`${head}\r\nConnection: close\r\n\r\n`));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}
