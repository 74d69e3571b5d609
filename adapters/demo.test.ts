import { describe, expect, it } from "vitest";
import type { RedirectConnection } from "./adapter.ts";
import { demo } from "./demo.ts";
import { checkIdentity } from "./identity.ts";
import { APP, Browser, createHost } from "./testing/sign-in.ts";

const CALLBACK = new URL("/auth/demo/callback", APP);
const connection = demo.connect(
  {},
  { origin: APP, callbackUrl: CALLBACK, secureCookies: true },
) as RedirectConnection;
const host = createHost("demo", connection);
const answerOf = (url: URL) => Object.fromEntries(url.searchParams);

describe("demo", () => {
  it("offers personas that differ in what they show", () => {
    expect(connection.choices?.map(({ id }) => id)).toEqual(["ada", "grace", "alan", "mary", "new"]);
    expect(new Set(connection.choices?.map(({ hint }) => hint)).size).toBe(5);
  });

  it("signs in as the chosen persona, straight through the callback", async () => {
    for (const { id, label } of connection.choices ?? []) {
      const browser = new Browser();
      const url = await host.leave(browser, `/auth/demo?choice=${id}`);
      expect(url.origin + url.pathname).toBe(CALLBACK.href);
      const identity = checkIdentity(await host.comeBack(browser, answerOf(url)));
      expect(identity).toEqual({ issuer: APP.origin, subject: id, name: label });
      expect(demo.externalId(identity)).toBe(`demo_${id}`);
    }
  });

  it("is held to the rules of any provider: own state, own code, once", async () => {
    const browser = new Browser();
    const leave = async () => answerOf(await host.leave(browser, "/auth/demo?choice=ada"));
    const [first, second] = [await leave(), await leave()];
    expect(first["state"]).not.toBe(second["state"]);
    const mixed = { ...first, code: second["code"] ?? "" };
    await expect(host.comeBack(browser, mixed)).rejects.toMatchObject({ code: "invalid_response" });
    await expect(host.comeBack(browser, first)).rejects.toMatchObject({ code: "invalid_state" });
    await expect(host.comeBack(new Browser(), second)).rejects.toMatchObject({ code: "invalid_state" });
    await expect(host.comeBack(browser, second)).resolves.toMatchObject({ subject: "ada" });
    await expect(host.comeBack(browser, second)).rejects.toMatchObject({ code: "invalid_state" });
  });

  it("refuses a callback on its own that does not match its cookie", async () => {
    const finish = (query: string, cookie: string) =>
      connection.finish(new Request(`${CALLBACK.href}?${query}`, { headers: { cookie } }));
    await expect(finish("state=s&code=c", "demo=ada.s.c")).resolves.toMatchObject({ subject: "ada" });
    for (const cookie of ["", "demo=ada", "demo=ada.other.c", "demo=unknown.s.c"])
      await expect(finish("state=s&code=c", cookie)).rejects.toMatchObject({ code: "invalid_state" });
    await expect(finish("", "demo=ada")).rejects.toMatchObject({ code: expect.any(String) });
  });

  it.each(["/auth/demo", "/auth/demo?choice=unknown", "/auth/demo?choice=__proto__"])(
    "starts for no other persona: %s",
    async (path) => {
      await expect(host.leave(new Browser(), path)).rejects.toMatchObject({ code: "invalid_response" });
    },
  );
});
