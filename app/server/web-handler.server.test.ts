import { once } from "node:events";
import { createServer, type IncomingMessage, request as nodeRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send, webHandler } from "./web-handler.server.ts";

const ORIGIN = new URL("https://usage.example.com");

describe("webHandler", () => {
  let server: Server;
  let seen: Request[];
  let answer: (request: Request) => Response | Promise<Response>;
  let failure: unknown;

  beforeEach(async () => {
    seen = [];
    failure = undefined;
    answer = () => new Response("ok");
    const handle = async (request: Request) => {
      seen.push(request);
      return answer(request);
    };
    const handler = webHandler({ handle, origin: ORIGIN });
    server = createServer((incoming, outgoing) => {
      outgoing.setHeader("content-security-policy", "default-src 'none'");
      handler(incoming, outgoing, (error) => {
        failure = error;
        outgoing.writeHead(500).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const port = () => (server.address() as AddressInfo).port;

  async function ask(path: string, options: { method?: string; headers?: object; body?: string } = {}) {
    const { method = "GET", headers = {}, body } = options;
    const outgoing = nodeRequest({ port: port(), host: "127.0.0.1", path, method, headers: { ...headers } });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of incoming) text += chunk;
    return { status: incoming.statusCode, headers: incoming.headers, text };
  }

  it("hands over method, path, query, headers and body", async () => {
    answer = async (request) => new Response(await request.text());
    const headers = { "content-type": "text/plain", cookie: "a=1; b=2" };
    const { text } = await ask("/x%20y?q=1&q=2", { method: "POST", headers, body: "Ångström" });
    expect(text).toBe("Ångström");
    expect(seen[0]).toMatchObject({ method: "POST", url: "https://usage.example.com/x%20y?q=1&q=2" });
    expect(seen[0]?.headers.get("cookie")).toBe("a=1; b=2");
  });

  it.each([
    { host: "evil.test" },
    { host: "usage.example.com:8443" },
    { "x-forwarded-host": "evil.test", "x-forwarded-proto": "http", "x-forwarded-port": "8080" },
    { forwarded: "host=evil.test;proto=http" },
  ])("takes the origin from the configuration, not from %j", async (headers) => {
    await ask("/dashboard", { headers });
    expect(seen[0]?.url).toBe("https://usage.example.com/dashboard");
    expect(seen[0]?.headers.get("host")).toBe("usage.example.com");
    expect(JSON.stringify([...(seen[0]?.headers ?? [])])).not.toMatch(/evil|8443|8080|proto/);
  });

  it.each(["//evil.test/x", "/\\evil.test", "/@evil.test/", "/.evil.test"])(
    "keeps %s a path of this app",
    async (path) => {
      await ask(path);
      expect(new URL(seen[0]?.url ?? "").origin).toBe(ORIGIN.origin);
    },
  );

  it.each([
    ["GET", "http://evil.test/x"],
    ["OPTIONS", "*"],
    ["TRACE", "/"],
  ])("refuses %s %s, which is no request to this app", async (method, path) => {
    const { status, text } = await ask(path, { method });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: "bad_request" });
    expect(seen).toEqual([]);
  });

  it.each([{ "content-length": "20000" }, { "transfer-encoding": "chunked" }])(
    "answers a body over 16 KB with a problem, however it is sent: %j",
    async (headers) => {
      const {
        status,
        headers: sent,
        text,
      } = await ask("/", { method: "POST", headers, body: "x".repeat(20_000) });
      expect(status).toBe(413);
      expect(sent["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(text)).toMatchObject({ status: 413, code: "body_too_large" });
      expect(seen).toEqual([]);
      expect((await ask("/", { method: "POST", body: "x".repeat(16_384) })).status).toBe(200);
    },
  );

  it("sends every cookie, and replaces what a layer before it has set", async () => {
    answer = () => {
      const headers = new Headers({ "content-security-policy": "script-src 'nonce-1'" });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response(null, { status: 303, headers });
    };
    const { status, headers } = await ask("/");
    expect(status).toBe(303);
    expect(headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(headers["content-security-policy"]).toBe("script-src 'nonce-1'");
  });

  it("passes on what the handler throws", async () => {
    answer = () => Promise.reject(new Error("a bug"));
    expect((await ask("/")).status).toBe(500);
    expect(failure).toEqual(new Error("a bug"));
  });

  it("tells the handler when the client has left, and reports no error", async () => {
    const left = new Promise<void>((resolve) => {
      answer = (request) => {
        request.signal.addEventListener("abort", () => resolve());
        socket.destroy();
        return new Promise(() => {});
      };
    });
    const socket = connect(port(), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await left;
    expect(failure).toBeUndefined();
  });

  it("takes a body that ends half-way for a client that left", async () => {
    const socket = connect(port(), "127.0.0.1");
    const [incoming] = await Promise.all([
      once(server, "request").then(([request]) => request as IncomingMessage),
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"),
    ]);
    socket.destroy();
    await new Promise((resolve) => incoming.once("close", resolve));
    await new Promise(setImmediate);
    expect(failure).toBeUndefined();
    expect(seen).toEqual([]);
  });
});

describe("send", () => {
  it("ends an answer without a body", async () => {
    const server = createServer((_request, response) => send(response, new Response(null, { status: 204 })));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(answer.status).toBe(204);
    server.closeAllConnections();
    server.close();
  });
});
