import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { boundedFetch, fetchBounded } from "./bounded-fetch.ts";
import { causeOf } from "./describe-error.ts";
import { createDiscovery } from "./oidc-discovery.ts";

const MIB = 1_048_576;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (body: string | Buffer, headers: Record<string, string> = {}) =>
  serve((_, response) => response.writeHead(200, headers).end(body));

const get = boundedFetch({ timeoutMs: 5_000, maxBytes: 100_000 });

describe("boundedFetch", () => {
  it("returns status, headers and body, without the headers that describe the compressed body", async () => {
    const url = await serve((_, response) =>
      response.writeHead(418, { "x-one": "1", "content-encoding": "gzip" }).end(gzipSync('{"a":1}')),
    );
    const response = await get(url);
    expect([response.status, response.headers.get("x-one")]).toEqual([418, "1"]);
    expect(response.headers.has("content-encoding")).toBe(false);
    expect(await response.json()).toEqual({ a: 1 });
  });

  it.each([100, 1_000])("refuses an answer that is compressed %i times over, at once", async (layers) => {
    const url = await answering("", { "content-encoding": Array(layers).fill("gzip").join(", ") });
    const before = process.cpuUsage();
    const error: unknown = await get(url).catch((reason: unknown) => reason);
    const { user, system } = process.cpuUsage(before);
    expect(causeOf(error)).toBe("too_large");
    expect((user + system) / 1_000).toBeLessThan(500);
  });

  it("returns a redirect to a caller that reads it, without following it", async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    const limits = { timeoutMs: 5_000, maxBytes: 1_000, returnRedirects: true };
    const { response } = await fetchBounded(url, {}, limits);
    expect([response.status, response.headers.get("location")]).toEqual([302, "/elsewhere"]);
  });

  it("returns an answer without a body", async () => {
    const response = await get(await serve((_, reply) => reply.writeHead(204).end()));
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  const bomb = Buffer.alloc(64 * MIB, "a");
  it.each<[string, string, (body: Buffer) => Buffer]>([
    ["gzip", "gzip", gzipSync],
    ["brotli", "br", brotliCompressSync],
    ["deflate", "deflate", deflateSync],
    ["gzip in gzip", "gzip, gzip", (body) => gzipSync(gzipSync(body))],
    ["gzip in brotli", "gzip, br", (body) => brotliCompressSync(gzipSync(body))],
  ])("stops decompressing %s at the limit", async (_, encoding, compress) => {
    const packed = compress(bomb);
    expect(packed.length).toBeLessThan(100_000);
    const url = await answering(packed, { "content-encoding": encoding });
    const before = process.memoryUsage().rss;
    await expect(get(url)).rejects.toMatchObject({ code: "too_large" });
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * MIB);
  });

  it("counts a plain body to the byte", async () => {
    expect((await (await get(await answering("x".repeat(100_000)))).text()).length).toBe(100_000);
    await expect(get(await answering("x".repeat(100_001)))).rejects.toMatchObject({ code: "too_large" });
  });

  it("stops an endless body that has no content-length", async () => {
    const url = await serve((_, response) => {
      const write = () => {
        while (response.write(Buffer.alloc(16_384)));
        response.once("drain", write);
      };
      write();
    });
    await expect(get(url)).rejects.toMatchObject({ code: "too_large" });
  });

  it("rejects a body shorter than its content-length", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "50" });
      response.write("short");
      setImmediate(() => response.destroy());
    });
    await expect(get(url)).rejects.toThrow();
  });

  it.each<[string, RequestListener]>([
    ["no answer", () => {}],
    [
      "a body that never ends",
      (_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(" "), 5);
        response.on("close", () => clearInterval(drip));
      },
    ],
    [
      "a compressed body that never ends",
      (_, response) => {
        response.writeHead(200, { "content-encoding": "gzip" });
        response.write(gzipSync("{}").subarray(0, 12));
      },
    ],
  ])("ends %s at the time limit, and closes the connection", async (_, listener) => {
    let closed = () => {};
    const closing = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serve((request, response) => {
      response.on("close", closed);
      listener(request, response);
    });
    let fire = () => {};
    const after = (_ms: number, run: () => void) => {
      fire = run;
      return () => {};
    };
    const failing = expect(boundedFetch({ timeoutMs: 7, maxBytes: 1_000, after })(url)).rejects.toMatchObject(
      {
        code: "timeout",
        name: "TimeoutError",
      },
    );
    await new Promise<void>((resolve) => setTimeout(resolve, 60));
    fire();
    await failing;
    await closing;
  });

  it.each([301, 302, 303, 307, 308])("refuses a %i without calling its target", async (status) => {
    const called: string[] = [];
    const url = await serve((request, response) => {
      called.push(request.url ?? "");
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
    await expect(get(`${url}/here`, { method: "POST", body: "x" })).rejects.toMatchObject({
      code: "redirected",
    });
    expect(called).toEqual(["/here"]);
  });

  it("ends with the caller's signal, before and during the request", async () => {
    const url = await serve(() => {});
    await expect(get(url, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    const caller = new AbortController();
    const failing = expect(get(url, { signal: caller.signal })).rejects.toThrow("left");
    setImmediate(() => caller.abort(new Error("left")));
    await failing;
  });
});

describe("a provider's answer", () => {
  it("is refused as unavailable when its discovery document is a decompression bomb", async () => {
    const url = await answering(gzipSync(Buffer.alloc(64 * MIB, " ")), { "content-encoding": "gzip" });
    await expect(createDiscovery(new URL(url)).metadata()).rejects.toMatchObject({
      code: "provider_unavailable",
      message: expect.stringContaining("too_large"),
    });
  });
});
