/** Faults of what stands around the app: its public origin, its port, and Redis. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { makeCertificate } from "./certificates.ts";
import { type Deployment, freePort, listen, listenTcp, startDeployment } from "./deployment.ts";
import { type Expected, expectFailure } from "./expect-failure.ts";
import { buildDoctor, type Doctor, type Environment } from "./run-doctor.ts";

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
      await expectAt(port, /is not answered by a Redis|breaks the connection/);
    });
  });
});
