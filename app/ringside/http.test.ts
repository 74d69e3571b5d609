import { describe, expect, test } from "vitest";
import { type Result, requestJson } from "./http.ts";

const NOW = Date.UTC(2026, 10, 23, 12);

type Reply = (init: RequestInit) => Response | Promise<Response>;

/** Asks once through a network that gives `reply`; timers run only when `timers[i]` is called. */
function asking(reply: Reply, signal = new AbortController().signal) {
  const timers: (() => void)[] = [];
  const network = {
    fetch: async (_url: string, init: RequestInit) => reply(init),
    now: () => NOW,
    after(_ms: number, run: () => void) {
      timers.push(run);
      return () => {
        timers.splice(timers.indexOf(run), 1);
      };
    },
  };
  const answer = requestJson(network, "https://ringside.test/", { signal }, (body) => {
    if (body === undefined) throw new Error("not JSON");
    return body;
  });
  return { answer, timers };
}

const answerTo = async (response: Response): Promise<Result<unknown>> => asking(() => response).answer;

const hanging: Reply = ({ signal }) =>
  new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

describe("requestJson", () => {
  const none = { code: null, retryAfterMs: null };
  test.each<[string, Response, object]>([
    ["200", Response.json({ a: 1 }), { kind: "ok", value: { a: 1 } }],
    ["201", Response.json([], { status: 201 }), { kind: "ok", value: [] }],
    ["200 with a byte order mark", new Response("\ufeff[1]"), { kind: "ok", value: [1] }],
    ["200 without JSON", new Response("<html>"), { kind: "contract", detail: "not JSON" }],
    [
      "200 in Latin-1",
      new Response(new Uint8Array([0x22, 0xe9, 0x22])),
      { kind: "contract", detail: "not JSON" },
    ],
    ["200 with 500,000 brackets", new Response("[".repeat(5e5) + "]".repeat(5e5)), { kind: "contract" }],
    ["200 nested 40 deep", new Response("[".repeat(40) + "]".repeat(40)), { kind: "contract" }],
    ["200 with 300,000 values", new Response(`[${"1,".repeat(300_000)}1]`), { kind: "contract" }],
    ["204", new Response(null, { status: 204 }), { kind: "contract", detail: "not JSON" }],
    ["a redirect", new Response(null, { status: 302 }), { kind: "redirected" }],
    [
      "400",
      Response.json({ code: "x" }, { status: 400 }),
      { kind: "contract", code: "x", detail: "status 400" },
    ],
    ["401", Response.json({ error: "odd" }, { status: 401 }), { kind: "unauthorized", ...none, code: "odd" }],
    [
      "403",
      Response.json({ error: { code: "x" } }, { status: 403 }),
      { kind: "forbidden", ...none, code: "x" },
    ],
    ["403 in HTML", new Response("<p>", { status: 403 }), { kind: "forbidden", ...none, code: "not_json" }],
    ["404", new Response("{}", { status: 404 }), { kind: "not_found", ...none }],
    [
      "409 with a problem",
      Response.json({ code: "session_changed" }, { status: 409 }),
      { kind: "conflict", ...none, code: "session_changed" },
    ],
    ["429", new Response("{}", { status: 429 }), { kind: "rate_limited", ...none }],
    ["500", new Response("{}", { status: 500 }), { kind: "unavailable", ...none }],
  ])("%s", async (_, response, expected) => {
    expect(await answerTo(response)).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>, number | null]>([
    ["seconds", { "retry-after": "7" }, 7_000],
    ["zero", { "retry-after": "0" }, 0],
    [
      "a date, by the answer's own clock",
      { "retry-after": "Mon, 23 Nov 2026 10:00:30 GMT", date: "Mon, 23 Nov 2026 10:00:00 GMT" },
      30_000,
    ],
    [
      "a date, by ours when the answer hides its clock",
      { "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT" },
      30_000,
    ],
    ["a date that has passed", { "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, 0],
    ["nonsense", { "retry-after": "soon" }, null],
    ["a negative number", { "retry-after": "-5" }, null],
  ])("reads Retry-After as %s", async (_, headers, retryAfterMs) => {
    expect(await answerTo(new Response("{}", { status: 503, headers }))).toEqual({
      kind: "unavailable",
      code: null,
      retryAfterMs,
    });
  });

  test("a body may have a million bytes and not one more", async () => {
    const body = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;
    expect((await answerTo(new Response(body(1_000_000)))).kind).toBe("ok");
    expect((await answerTo(new Response(body(1_000_001)))).kind).toBe("contract");
  });

  test("stops reading a body that never ends", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100_000));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect((await answerTo(new Response(endless))).kind).toBe("contract");
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThan(20);
  });

  test("a character split over two chunks is one character", async () => {
    const [first, second] = [new Uint8Array([0x22, 0xe2, 0x82]), new Uint8Array([0xac, 0x22])];
    const split = new ReadableStream({
      start(controller) {
        controller.enqueue(first);
        controller.enqueue(second);
        controller.close();
      },
    });
    expect(await answerTo(new Response(split))).toEqual({ kind: "ok", value: "€" });
  });

  test("no connection is an answer too, and leaves no timer", async () => {
    const { answer, timers } = asking(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await answer).toMatchObject({ kind: "network" });
    expect(timers).toEqual([]);
  });

  test.each<[string, Reply]>([
    ["before the answer", hanging],
    [
      "in the middle of a body",
      ({ signal }) =>
        new Response(
          new ReadableStream({
            start(body) {
              body.enqueue(new TextEncoder().encode('{"id":'));
              // What a browser does to the body of a request that is aborted.
              signal?.addEventListener("abort", () => body.error(signal.reason));
            },
          }),
        ),
    ],
  ])("gives up after the timeout, %s", async (_, reply) => {
    const { answer, timers } = asking(reply);
    await new Promise(setImmediate);
    expect(timers).toHaveLength(1);
    timers[0]?.();
    expect(await answer).toMatchObject({ kind: "timeout" });
  });

  test("ends with its caller's signal, also one that was aborted before", async () => {
    const late = new AbortController();
    const { answer } = asking(hanging, late.signal);
    late.abort();
    expect(await answer).toMatchObject({ kind: "network" });
    const early = asking(({ signal }) => {
      signal?.throwIfAborted();
      return new Response("1");
    }, AbortSignal.abort());
    expect(await early.answer).toMatchObject({ kind: "network" });
  });
});
