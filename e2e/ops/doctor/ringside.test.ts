/** Faults of the account, of its key, and of what stands between: real answers, spoilt one at a time. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { makeCertificate } from "./certificates.ts";
import { type Deployment, EXTERNAL_ID, freePort, listen, startDeployment } from "./deployment.ts";
import { type Expected, expectFailure } from "./expect-failure.ts";
import { buildDoctor, type Doctor, type Environment } from "./run-doctor.ts";
import { lifetimeIgnored, spoiltAnswers, WITH_CUSTOMER } from "./spoilt-answers.ts";
import { startTampering } from "./tampering.ts";

describe("faults of Ringside", { timeout: 60_000 }, () => {
  let doctor: Doctor;
  let deployment: Deployment;
  beforeAll(async () => {
    [doctor, deployment] = await Promise.all([buildDoctor(), startDeployment()]);
  });
  afterAll(() => Promise.all([doctor.close(), deployment.close()]));

  const expectFault = async (change: Environment, args: string[], expected: Expected) =>
    expectFailure(
      await doctor.examine({ ...deployment.env, ...change }, ...args),
      deployment.secrets,
      expected,
    );

  it.concurrent.each(spoiltAnswers)(
    "finds $fault",
    async ({ tampering, args = WITH_CUSTOMER, ...expected }) => {
      const { url, close } = await startTampering(deployment.ringsideUrl, tampering);
      await expectFault({ RINGSIDE_API_URL: `${url}/v1` }, args, expected).finally(close);
    },
  );

  it("finds a lifetime that is not honoured", async () => {
    // A clock at rest: a second that turns between a token and its answer's Date would be taken off the lifetime.
    const now = Date.now();
    const still = await startDeployment({ ringsideNow: () => now });
    onTestFinished(still.close);
    const { url, close } = await startTampering(still.ringsideUrl, lifetimeIgnored);
    onTestFinished(close);
    const change = { RINGSIDE_API_URL: `${url}/v1` };
    expectFailure(await doctor.examine({ ...still.env, ...change }, ...WITH_CUSTOMER), still.secrets, {
      check: "mint",
      variable: "CLIENT_TOKEN_TTL_SECONDS",
      found: /asked for 300 s and got 900 s/,
    });
  });

  it("finds a wrong key", () =>
    expectFault({ RINGSIDE_API_KEY: "sk_live_this_one_was_revoked" }, [], {
      check: "key",
      variable: "RINGSIDE_API_KEY",
      found: /is refused by Ringside \(401 invalid_api_key\)/,
    }));

  it("finds an address without /v1", () =>
    expectFault({ RINGSIDE_API_URL: deployment.ringsideUrl }, [], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /no version in it/,
    }));

  it("finds an address where nobody listens", async () =>
    expectFault({ RINGSIDE_API_URL: `http://127.0.0.1:${await freePort()}/v1` }, [], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /nothing listens there/,
    }));

  it("finds a certificate that nobody trusts", async () => {
    const { port, close } = await listen((_request, response) => response.end(), makeCertificate(30));
    await expectFault({ RINGSIDE_API_URL: `https://localhost:${port}/v1` }, [], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /self-signed/,
    }).finally(close);
  });

  it("finds a Customer that is not there", () =>
    expectFault({}, ["--external-id", "github_0"], {
      check: "contract",
      variable: "--external-id",
      found: /names no Customer/,
    }));

  it("finds a clock that is wrong by ten minutes", async () => {
    const ahead = await startDeployment({ ringsideNow: () => Date.now() + 600_000 });
    onTestFinished(ahead.close);
    expectFailure(await doctor.examine(ahead.env, "--external-id", EXTERNAL_ID), ahead.secrets, {
      check: "clock",
      variable: null,
      found: /^this machine's clock is (599|600|601) s behind Ringside's$/,
    });
    // Lifetimes are measured on Ringside's own clock, so nothing else is to blame.
    const { failures } = await doctor.examine(ahead.env, "--external-id", EXTERNAL_ID);
    expect(failures.map(({ check }) => check)).toEqual(["clock"]);
  });
});
