/** Without a fault the doctor finds none: the control of every test beside this one. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  type Deployment,
  EXTERNAL_ID,
  freePort,
  listen,
  listenTcp,
  makeCertificate,
  startDeployment,
} from "./deployment.ts";
import {
  buildDoctor,
  type Doctor,
  type Environment,
  type Expected,
  expectFailure,
  expectNoSecret,
} from "./run-doctor.ts";

describe("a sound deployment", { timeout: 60_000 }, () => {
  let doctor: Doctor;
  let deployment: Deployment;
  beforeAll(async () => {
    [doctor, deployment] = await Promise.all([buildDoctor(), startDeployment()]);
  });
  afterAll(() => Promise.all([doctor.close(), deployment.close()]));

  const requests = async () => {
    const answer = await fetch(`${deployment.ringsideUrl}/__control/requests`);
    return ((await answer.json()) as { requests: { method: string; path: string; status: number }[] })
      .requests;
  };

  it("has no failure, and nothing is made in the account", async () => {
    const { code, failures, findings, output } = await doctor.examine(deployment.env);
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    expect(new Set(findings.map(({ check }) => check)).size).toBe(15);
    expect(findings).toContainEqual(
      expect.objectContaining({ status: "warning", variables: ["APP_ORIGIN"], check: "origin" }),
    );
    expectNoSecret(output, deployment.secrets);
    const writes = (await requests()).filter(({ method, status }) => method === "POST" && status < 300);
    expect(writes).toEqual([]);
  });

  it("is checked to the end with a Customer of its own", async () => {
    const { code, failures, findings } = await doctor.examine(deployment.env, "--external-id", EXTERNAL_ID);
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    expect(findings.filter(({ check }) => check === "page").map(({ status }) => status)).toEqual(
      Array(4).fill("ok"),
    );
  });

  it("is checked to the end with a new Customer, made once and named", async () => {
    const { code, failures, findings } = await doctor.examine(deployment.env, "--create");
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    const left = findings.find(({ found }) => /stays in your account/.test(found));
    const externalId = /doctor_[0-9a-f]+\|1/.exec(left?.found ?? "")?.[0] ?? "none";
    const url = `${deployment.ringsideUrl}/__control/customers?external_id=${encodeURIComponent(externalId)}`;
    expect(await (await fetch(url)).json()).toHaveLength(1);
    expect(findings.filter(({ check, status }) => check === "page" && status === "ok")).toHaveLength(4);
  });

  it("is told to people in lines, without colours in a pipe", async () => {
    const { code, output } = await doctor.run(deployment.env);
    expect(code).toBe(0);
    expect(output).toMatch(/^ok {7}key {12}Ringside accepts the key$/m);
    expect(output).toMatch(/^warning {2}origin .*\n {24}→ set it to/m);
    expect(output).toMatch(/failures: 0\n$/);
    expect(output).not.toContain("\x1b");
    expectNoSecret(output, deployment.secrets);
  });

  it("knows itself on its own port", async () => {
    const { port } = new URL(deployment.env["APP_ORIGIN"] ?? "");
    const { findings } = await doctor.examine({ ...deployment.env, PORT: port });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "port", status: "ok", found: expect.stringContaining("by this app") }),
    );
  });

  it("wants options it understands", async () => {
    const { code, output } = await doctor.run(deployment.env, "--creat");
    expect(code).toBe(2);
    expect(output).toContain("--external-id <id>");
  });

  it("says so when nothing at all is set", async () => {
    const { code, failures } = await doctor.examine({ PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(failures.flatMap(({ variables }) => variables).sort()).toEqual([
      "APP_ORIGIN",
      "AUTH_ADAPTERS",
      "RINGSIDE_API_KEY",
      "SESSION_SECRET",
    ]);
  });
});

/** Faults of what stands around the app: its public origin, its port, and Redis. */

describe("faults of the neighbours", { timeout: 60_000 }, () => {
  let doctor: Doctor;
  let deployment: Deployment;
  beforeAll(async () => {
    [doctor, deployment] = await Promise.all([buildDoctor(), startDeployment()]);
  });
  afterAll(() => Promise.all([doctor.close(), deployment.close()]));

  const expectFault = async (change: Environment, expected: Expected) =>
    expectFailure(await doctor.examine({ ...deployment.env, ...change }), deployment.secrets, expected);

  describe("the public origin", () => {
    const expectAt = (origin: string, found: RegExp) =>
      expectFault({ APP_ORIGIN: origin }, { check: "origin", variable: "APP_ORIGIN", found });

    it("that sends people elsewhere", async () => {
      const { url, close } = await listen(({ url: path }, response) =>
        response.writeHead(308, { location: `https://www.acme.test${path}` }).end(),
      );
      onTestFinished(close);
      await expectAt(url, /sends people on to https:\/\/www\.acme\.test/);
    });

    it("where another site answers", async () => {
      const { url, close } = await listen((_request, response) => response.end("<h1>It works!</h1>"));
      onTestFinished(close);
      await expectAt(url, /not this app/);
    });

    it.each([
      ["expired", -1, /has expired/],
      ["self-signed", 30, /self-signed/],
    ])("with a certificate that is %s", async (_what, days, found) => {
      const { port, close } = await listen((_request, response) => response.end("ok"), makeCertificate(days));
      onTestFinished(close);
      await expectAt(`https://localhost:${port}`, found);
    });
  });

  it("a certificate that is good, but not for long", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "authority-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const certificate = makeCertificate(5);
    await writeFile(path.join(folder, "ca.pem"), certificate.cert);
    const { port, close } = await listen((_request, response) => response.end("ok"), certificate);
    onTestFinished(close);
    const { findings } = await doctor.examine({
      ...deployment.env,
      APP_ORIGIN: `https://localhost:${port}`,
      NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    });
    const lines = findings.filter(({ check }) => check === "origin").map(({ found }) => found);
    expect(lines).toEqual([
      expect.stringContaining("is loopback"),
      expect.stringMatching(/^has a certificate that ends on \d{4}-\d\d-\d\d$/),
      `this app answers at https://localhost:${port}`,
    ]);
  });

  it("a port that another program has", async () => {
    const { port, close } = await listen((_request, response) => response.end("something else"));
    onTestFinished(close);
    await expectFault({ PORT: String(port) }, { check: "port", variable: "PORT", found: /is taken/ });
  });

  describe("Redis", () => {
    const expectAt = (port: number, found: RegExp) =>
      expectFault(
        { REDIS_URL: `redis://127.0.0.1:${port}` },
        { check: "redis", variable: "REDIS_URL", found },
      );

    it("that cannot be reached", async () => expectAt(await freePort(), /nothing listens there/));

    it("that wants a password", async () => {
      const { port, close } = await listenTcp((bytes) => {
        const commands = bytes.toString().match(/^\*\d/gm)?.length ?? 0;
        return "-NOAUTH Authentication required.\r\n".repeat(commands);
      });
      onTestFinished(close);
      await expectAt(port, /user and password/);
    });

    it("that is something else", async () => {
      const { port, close } = await listen((_request, response) => response.end());
      onTestFinished(close);
      await expectAt(port, /is no Redis/);
    });
  });
});
