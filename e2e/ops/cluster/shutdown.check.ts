/** The built server when it is told to stop. Its own port for each test, as most of this is waiting, side by side. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { control } from "#e2e/control/http.ts";
import { Browser, RawConnection } from "./clients.ts";
import { portAt, ringsideUrl, startApp } from "./deployment.ts";
import { answers, until } from "./programs.ts";

describe.concurrent("stopping", () => {
  const onPort = async (port: number) => {
    const origin = `http://localhost:${port}`;
    return { origin, server: await startApp(port, origin), visitor: () => new Browser({ origin }) };
  };
  /** A customer that no other suite uses. */
  const slow = { customer: "ext:demo_new", fault: "slow", on: "mint", delay_ms: 4_500 };

  it("says so first, then takes no connection, and finishes what has begun", async () => {
    const { origin, server, visitor } = await onPort(portAt(4));
    const nova = visitor();
    await nova.signIn("new");
    await control(ringsideUrl, "POST", "/faults", slow);
    const mint = nova.mint();
    const halfSent = new RawConnection(portAt(4)).send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
    await pause(300);
    const asked = Date.now();
    server.signal("SIGTERM");
    await until("the balancer is told", async () => !(await answers(`${origin}/readyz`)));
    const still = await visitor().ask("/sign-in");
    expect([still.status, still.headers.connection]).toEqual([200, "close"]);

    await until("the door is closed", () => isRefused(`${origin}/healthz`));
    expect(Date.now() - asked).toBeGreaterThanOrEqual(2_000);
    const late = await halfSent.send("\r\n").answer();
    expect(late).toMatch(/^HTTP\/1\.1 200 /);
    expect(late).toMatch(/^connection: close\r$/im);

    expect((await mint).status).toBe(200);
    expect(await server.ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(9_000);
    expect(server.output()).toContain('"event":"stopped","cut_off":0');
  });

  it("ends within 10 s, whatever hangs", async () => {
    const { server } = await onPort(portAt(5));
    const silent = new RawConnection(portAt(5));
    const stuck = new RawConnection(portAt(5)).send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1",
    );
    await pause(300);
    const asked = Date.now();
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    await Promise.all([silent.closed, stuck.closed]);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(server.output()).toContain('"event":"stopped","cut_off":1');
  });

  it("at a terminal, stops at once", async () => {
    const { server } = await onPort(portAt(6));
    const asked = Date.now();
    server.signal("SIGINT");
    expect(await server.ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(2_000);
  });
});

const isRefused = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );
