/** Faults of the account, of its key, and of what stands between: real answers, spoilt one at a time. */
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
import { buildDoctor, type Doctor, type Environment, type Expected, expectFailure } from "./run-doctor.ts";
import { startTampering, type Tampering } from "./tampering.ts";

/** Accounts that differ from what the app believes of Ringside, each in one answer. */

const WITH_CUSTOMER = ["--external-id", EXTERNAL_ID];

interface Spoilt extends Expected {
  fault: string;
  tampering: Tampering;
  args?: string[];
}

const refusal = (status: number, code: string) => Response.json({ error: { code } }, { status });

/** Answers `route` in Ringside's place. */
const instead = (route: RegExp, answer: () => Response): Tampering => ({
  before: (passing) => (route.test(passing.route) ? answer() : undefined),
});

/** Changes the JSON of successful answers of `route`. */
const changed = (route: RegExp, change: (body: Record<string, unknown>) => unknown): Tampering => ({
  async after(passing, answer) {
    if (!route.test(passing.route) || !answer.ok) return answer;
    return Response.json(change(await answer.json()), { status: answer.status, headers: answer.headers });
  },
});

const without = (header: string): Tampering => ({
  after(_passing, answer) {
    const headers = new Headers(answer.headers);
    headers.delete(header);
    return new Response(answer.body, { status: answer.status, headers });
  },
});

const MINT = /^POST \/v1\/client_tokens$/;
const ROW = /^GET \/v1\/customers\/[^/]+$/;

/** Tokens live as long as Ringside likes. */
const lifetimeIgnored: Tampering = {
  before({ route, sent }) {
    if (MINT.test(route) && sent) delete sent["ttl_seconds"];
    return undefined;
  },
};

const spoiltAnswers: Spoilt[] = [
  {
    fault: "a key that may not look up",
    tampering: instead(/^GET/, () => refusal(403, "insufficient_scope")),
    check: "key",
    variable: "RINGSIDE_API_KEY",
    found: /may not look up Customers \(403 insufficient_scope\)/,
  },
  {
    fault: "a key that may not mint, without any Customer",
    tampering: instead(MINT, () => refusal(403, "insufficient_scope")),
    args: [],
    check: "mint",
    variable: "RINGSIDE_API_KEY",
    found: /may not mint Client Tokens/,
  },
  {
    fault: "a key that may not create",
    tampering: instead(/^POST \/v1\/customers$/, () => refusal(403, "insufficient_scope")),
    args: ["--create"],
    check: "contract",
    variable: "RINGSIDE_API_KEY",
    found: /may not create Customers/,
  },
  {
    fault: "pages that may not read",
    tampering: without("access-control-allow-origin"),
    args: [],
    check: "cors",
    variable: "APP_ORIGIN",
    found: /is not allowed to read/,
  },
  {
    fault: "pages that may not send a token",
    tampering: without("access-control-allow-headers"),
    args: [],
    check: "cors",
    variable: "APP_ORIGIN",
    found: /Authorization is not among/,
  },
  {
    fault: "tokens locked to another origin",
    tampering: {
      before({ route, sent }) {
        if (MINT.test(route) && sent) sent["origin"] = "https://www.acme.test";
        return undefined;
      },
    },
    check: "page",
    variable: "APP_ORIGIN",
    found: /may not use its own token.*403/,
  },
  {
    fault: "tokens that pages of any origin can use",
    tampering: {
      before: ({ origin }) =>
        origin === "https://doctor.invalid" ? Response.json({ id: "cus_1" }) : undefined,
    },
    check: "page",
    variable: "CLIENT_TOKEN_TTL_SECONDS",
    found: /pages of any origin/,
  },
  {
    fault: "tokens that open more than they were minted for",
    tampering: instead(/^GET \/v1\/customers\/ext:[^/]+\/usage$/, () => Response.json([])),
    check: "page",
    variable: "CLIENT_TOKEN_TTL_SECONDS",
    found: /more than its two endpoints/,
  },
  {
    fault: "expires_at in milliseconds",
    tampering: changed(MINT, (body) => ({ ...body, expires_at: Number(body["expires_at"]) * 1000 })),
    check: "mint",
    variable: null,
    found: /milliseconds/,
  },
  {
    fault: "a row of another shape",
    tampering: changed(ROW, ({ spend_usd_mtd, ...rest }) => ({ ...rest, spend: spend_usd_mtd })),
    check: "contract",
    variable: null,
    found: /spend_usd_mtd/,
  },
  {
    fault: "an external_id stored with its prefix",
    tampering: changed(ROW, (body) => ({ ...body, external_id: `ext:${body["external_id"]}` })),
    check: "contract",
    variable: null,
    found: /stored otherwise/,
  },
  {
    fault: "an account that makes a second Customer for one external_id",
    tampering: {
      after: (passing, answer) =>
        passing.route === "POST /v1/customers" && answer.status === 409
          ? Response.json({ id: "cus_second", spend_usd_mtd: 0, request_count_mtd: 0 }, { status: 201 })
          : answer,
    },
    args: ["--create"],
    check: "contract",
    variable: null,
    found: /makes a second Customer/,
  },
  {
    fault: "an API that never answers",
    tampering: { before: () => new Response(new ReadableStream()) },
    args: ["--timeout", "1"],
    check: "key",
    variable: "RINGSIDE_API_URL",
    found: /does not answer within 1 s/,
  },
];

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

  it("finds an address without a listener", async () =>
    expectFault({ RINGSIDE_API_URL: `http://127.0.0.1:${await freePort()}/v1` }, [], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /nothing listens there/,
    }));

  it("finds a self-signed certificate", async () => {
    const { port, close } = await listen((_request, response) => response.end(), makeCertificate(30));
    await expectFault({ RINGSIDE_API_URL: `https://localhost:${port}/v1` }, [], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /self-signed/,
      todo: /NODE_EXTRA_CA_CERTS/,
    }).finally(close);
  });

  it("finds a certificate for another name", async () => {
    const certificate = makeCertificate(30, "DNS:elsewhere.example.com");
    const { port, close } = await listen((_request, response) => response.end(), certificate);
    const folder = await mkdtemp(path.join(tmpdir(), "authority-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, "ca.pem"), certificate.cert);
    await expectFault(
      {
        RINGSIDE_API_URL: `https://localhost:${port}/v1`,
        NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
      },
      [],
      {
        check: "key",
        variable: "RINGSIDE_API_URL",
        found: /for another name/,
        todo: /the name that is in the certificate/,
      },
    ).finally(close);
  });

  it.each([
    ["fold_case", /in another case/],
    ["trim", /with a space after it/],
    ["truncate", /with another last character/],
  ])("finds a Ringside that confuses external_ids: %s", async (fault, found) => {
    const confused = await startDeployment({});
    onTestFinished(confused.close);
    await fetch(`${confused.ringsideUrl}/__control/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ customer: "*", fault }),
    });
    expectFailure(await doctor.examine(confused.env, ...WITH_CUSTOMER), confused.secrets, {
      check: "contract",
      variable: null,
      found,
      todo: /compare external_ids exactly/,
    });
  });

  it("finds a name that does not resolve", () =>
    expectFault({ RINGSIDE_API_URL: "https://ringside.invalid/v1" }, [], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /does not resolve/,
      todo: /host name/,
    }));

  it("finds a server that never answers", async () => {
    const { port, close } = await listenTcp(() => "");
    await expectFault({ RINGSIDE_API_URL: `http://127.0.0.1:${port}/v1` }, ["--timeout", "0.3"], {
      check: "key",
      variable: "RINGSIDE_API_URL",
      found: /does not answer within 0.3 s/,
      todo: /drops packets/,
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
