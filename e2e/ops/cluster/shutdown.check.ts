/** The built server when it is told to stop. Its own port for each test, as most of this is waiting, side by side. */
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { control } from "#e2e/control/http.ts";
import { Browser, RawConnection } from "./clients.ts";
import { directoryFor, type Launch, portAt, ringsideUrl, startApp } from "./deployment.ts";
import { answers, until } from "./programs.ts";

describe.concurrent("stopping", () => {
  const onPort = async (port: number, launch: Launch = {}) => {
    const origin = `http://localhost:${port}`;
    const server = await startApp(port, origin, {}, process.cwd(), "/readyz", launch);
    return { origin, server, visitor: () => new Browser({ origin }) };
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

  it("is not cut short by a second signal", async () => {
    const { server, visitor } = await onPort(portAt(16));
    const nova = visitor();
    await nova.signIn("new");
    await control(ringsideUrl, "POST", "/faults", slow);
    const mint = nova.mint();
    await pause(300);
    for (const signal of ["SIGTERM", "SIGTERM", "SIGINT"] as const) {
      server.signal(signal);
      await pause(100);
    }
    expect((await mint).status).toBe(200);
    expect(await server.ended).toBe(0);
    expect(server.output().match(/"event":"stopping"/g)).toHaveLength(1);
    expect(server.output()).toContain('"event":"stopped","cut_off":0');
  });

  it("does not wait for an idle keep-alive connection", async () => {
    const { server } = await onPort(portAt(19));
    const idle = new RawConnection(portAt(19)).send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    await until("the first response", async () => idle.received.includes("ok"));
    expect(idle.received).toMatch(/^Keep-Alive: timeout=620\r$/im);
    const asked = Date.now();
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    await idle.closed;
    // Nothing is in flight: two seconds' notice to the balancer, and nothing like the deadline of nine.
    expect(Date.now() - asked).toBeLessThan(8_000);
    expect(server.output()).toContain('"event":"stopped","cut_off":0');
  });

  it("reaches the server through npm start", async () => {
    const { server } = await onPort(portAt(17), { command: "npm", args: ["start", "--silent"] });
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain('"event":"stopped"');
    expect(await isRefused(`http://localhost:${portAt(17)}/healthz`)).toBe(true);
  });

  it("neither blocks nor hangs on a log pipe that is not read", async () => {
    const directory = directoryFor("pipe");
    const fifo = join(directory, "log");
    expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
    // Open for reading too, or opening it would wait; and never read.
    const pipe = openSync(fifo, constants.O_RDWR);
    const { server, visitor } = await onPort(portAt(18), { stdout: pipe });
    const patient = visitor();
    // Some 150 KB of log lines: a pipe holds 64 KB.
    for (let nth = 0; nth < 600; nth++) expect((await patient.ask("/healthz")).status).toBe(200);
    const asked = Date.now();
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    closeSync(pipe);
  });

  it("at a terminal, stops at once", async () => {
    const { server } = await onPort(portAt(6));
    server.signal("SIGINT");
    expect(await server.ended).toBe(0);
    // By the server's own clock: a busy machine may take seconds to end a process that has long stopped.
    const lines = server.output().trim().split("\n");
    const at = (event: string) =>
      Number(lines.map((line) => JSON.parse(line)).find((line) => line.event === event).time);
    expect(at("stopped") - at("stopping")).toBeLessThan(1_500);
  });
});

const isRefused = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );
