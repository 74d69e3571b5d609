import { describe, expect, it } from "vitest";
import * as z from "zod";
import { controlBody, FaultBook, ReceivedLog } from "./control.ts";

describe("ReceivedLog", () => {
  it("numbers entries, filters them, and lets the status be filled in later", () => {
    const log = new ReceivedLog<{ path: string; status: number | null }>();
    const first = log.append({ path: "/a", status: null });
    log.append({ path: "/b", status: 200 });
    first.status = 204;
    expect(log.query().map(({ seq, path, status }) => [seq, path, status])).toEqual([
      [1, "/a", 204],
      [2, "/b", 200],
    ]);
    expect(log.query(1).map((entry) => entry.path)).toEqual(["/b"]);
    expect(log.query(0, (entry) => entry.path === "/a").map((entry) => entry.seq)).toEqual([1]);
  });

  it("keeps the newest entries and never reuses a number", () => {
    const log = new ReceivedLog<{ n: number }>(2);
    for (const n of [1, 2, 3]) log.append({ n });
    expect(log.query().map((entry) => entry.n)).toEqual([2, 3]);
    log.clear();
    expect(log.append({ n: 4 }).seq).toBe(4);
    expect(log.query()).toHaveLength(1);
  });
});

describe("FaultBook", () => {
  it("fires the oldest match as often as asked, then forgets it", () => {
    const book = new FaultBook<{ who: string; times: number | null }>();
    const twice = { who: "ada", times: 2 };
    book.arm(twice);
    book.arm({ who: "ada", times: null });
    const ada = (fault: { who: string }) => fault.who === "ada";
    expect(book.fire((fault) => fault.who === "grace")).toBeNull();
    expect([book.fire(ada)?.times, book.fire(ada)?.times]).toEqual([1, 0]);
    expect([book.fire(ada)?.times, book.fire(ada)?.times]).toEqual([null, null]);
    expect(twice.times).toBe(2);
  });

  it("disarms what matches, and all of it when nothing is said", () => {
    const book = new FaultBook<{ who: string; times: number | null }>();
    for (const who of ["ada", "grace"]) book.arm({ who, times: null });
    book.disarm((fault) => fault.who === "ada");
    expect(book.armed((fault) => fault.who === "ada")).toBe(false);
    expect(book.armed((fault) => fault.who === "grace")).toBe(true);
    book.disarm();
    expect(book.armed(() => true)).toBe(false);
  });
});

describe("controlBody", () => {
  const schema = z.strictObject({ fault: z.enum(["deny", "slow"]) });
  const post = (body: string) => new Request("http://mock.test", { method: "POST", body });

  it("reads what the schema allows", async () => {
    expect(await controlBody(post('{"fault":"deny"}'), schema)).toEqual({ fault: "deny" });
  });

  it.each(['{"fault":"denny"}', "{}", "not json", '{"fault":"deny","tmies":1}'])(
    "refuses %s",
    async (body) => {
      const refusal = await controlBody(post(body), schema).catch((thrown: unknown) => thrown as Response);
      expect(refusal).toBeInstanceOf(Response);
      expect((refusal as Response).status).toBe(400);
    },
  );
});
