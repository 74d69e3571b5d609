import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readDoctorConfig } from "../config.ts";
import { Unreachable } from "../http.ts";
import { skewOf } from "./key.ts";
import { MINIMUM, machine, outbound } from "./machine.ts";
import { embedding } from "./origin.ts";
import { looksTyped } from "./secrets.ts";
import { settings } from "./settings.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const at = (date: string | null, sentAt: number, receivedAt = sentAt) =>
  skewOf({ headers: new Headers(date === null ? {} : { date }), sentAt, receivedAt });

it("measures from the middle of the request, a Date being cut to the second", () => {
  const date = new Date(NOON).toUTCString();
  expect(at(date, NOON, NOON + 1_000)).toBe(0);
  expect(at(date, NOON - 600_000, NOON - 599_000)).toBe(600_000);
  expect(at(date, NOON + 45_500)).toBe(-45_000);
});

it.each([null, "yesterday"])("cannot measure by %j", (date) => expect(at(date, NOON)).toBeNull());

const APP = "https://app.acme.test";
const OTHER = "https://other.acme.test";
const env = {
  NODE_ENV: "production",
  APP_ORIGIN: "https://usage.acme.test",
  EMBED_ORIGINS: `${APP},${OTHER}`,
};

/** What the check says of an app that answers `/embed` so. */
async function found(answer: { status?: number; policies?: string[] } | null, environment: object = env) {
  const ask = async (url: string | URL) => {
    expect(String(url)).toBe("https://usage.acme.test/embed");
    if (!answer) throw new Unreachable("refuses connections");
    const headers = new Headers();
    for (const policy of answer.policies ?? []) headers.append("content-security-policy", policy);
    return { status: answer.status ?? 200, headers, body: undefined, text: "", sentAt: 0, receivedAt: 0 };
  };
  return embedding({ config: readDoctorConfig({ ...environment }), ask });
}
const ours = `default-src 'none'; frame-ancestors ${APP} ${OTHER}; base-uri 'none'`;

describe("embedding", () => {
  it("is well when the policy that arrives names every origin", async () => {
    expect(await found({ policies: [ours] })).toMatchObject([{ status: "ok" }]);
    expect(await found({ policies: [ours, "upgrade-insecure-requests"] })).toMatchObject([{ status: "ok" }]);
  });

  it.each([
    ["no policy arrives", { policies: [] }, /shuts out https:\/\/app\.acme\.test, https:\/\/other/],
    [
      "the policy is another's",
      { policies: [`frame-ancestors ${APP}`] },
      /shuts out https:\/\/other\.acme\.test$/,
    ],
    ["a proxy adds one", { policies: [ours, "frame-ancestors 'self'"] }, /shuts out https:\/\/app/],
    ["the app runs without it", { status: 404 }, /404/],
  ])("fails when %s", async (_, answer, words) => {
    expect(await found(answer)).toMatchObject([
      { status: "failure", variables: ["EMBED_ORIGINS"], found: expect.stringMatching(words) },
    ]);
  });

  it.each([[{ status: 302 }], [{ status: 403 }], [null]])("is not checked behind %j", async (answer) => {
    expect(await found(answer)).toMatchObject([
      { status: "warning", found: expect.stringMatching(/not checked/) },
    ]);
  });

  it("sends no request when it is off or invalid", async () => {
    expect(await found(null, { ...env, EMBED_ORIGINS: "" })).toMatchObject([{ status: "ok" }]);
    expect(await found(null, { ...env, EMBED_ORIGINS: "https://*.acme.test" })).toEqual([]);
  });
});

it("wants the Node that package.json wants", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(engines.node).toBe(`>=${MINIMUM.join(".")}`);
});

it.each([
  ["20.12.0", "ok"],
  ["24.1.0", "ok"],
  ["20.11.1", "failure"],
  ["18.20.0", "failure"],
])("Node %s: %s", (version, status) => expect(machine(version)[0]?.status).toBe(status));

describe("a secret's form", () => {
  it("does not take what generators make for words", () => {
    for (let i = 0; i < 300; i++)
      for (const encoding of ["base64", "base64url", "hex"] as const)
        expect(looksTyped(randomBytes(32).toString(encoding))).toBe(false);
  });

  it("tells typed words from a UUID", () => {
    expect(looksTyped("our-dashboard-is-the-very-best-of-all!")).toBe(true);
    expect(looksTyped("3f2b8c1e-9d4a-4f6b-8e2c-1a7d5b9c0e3f")).toBe(false);
  });
});

describe("outbound calls", () => {
  const folder = mkdtempSync(join(tmpdir(), "outbound-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["no file there", join(folder, "missing.pem"), /cannot be read \(ENOENT\)/],
    ["a folder", folder, /cannot be read \(EISDIR\)/],
    ["DER instead of PEM", file("ca.der", "\u0030\u0082"), /without a readable PEM certificate/],
    ["an empty file", file("empty.pem", ""), /without a readable PEM certificate/],
    [
      "a damaged certificate",
      file("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      /without a readable PEM certificate/,
    ],
  ])("NODE_EXTRA_CA_CERTS with %s is a failure", (_what, path, found) => {
    expect(outbound({ NODE_EXTRA_CA_CERTS: path })).toEqual([
      expect.objectContaining({ status: "failure", found: expect.stringMatching(found) }),
    ]);
  });

  it.each([
    ["20.20.2", {}, "warning", /sends no calls through a proxy/],
    ["22.20.0", { NODE_USE_ENV_PROXY: "1" }, "warning", /sends no calls through a proxy/],
    ["22.21.0", {}, "warning", /Node ignores it/],
    ["24.0.0", { NODE_USE_ENV_PROXY: "1" }, "ok", /go out through a proxy \(HTTPS_PROXY\)/],
  ])("a proxy with Node %s and %j: %s", (version, more, status, found) => {
    const env = { HTTPS_PROXY: "http://proxy.example.com:3128", ...more };
    expect(outbound(env, [], version)).toEqual([
      expect.objectContaining({ status, found: expect.stringMatching(found) }),
    ]);
  });

  it("names what .env sets too late for Node", () => {
    expect(outbound({}, ["NODE_EXTRA_CA_CERTS"])).toEqual([
      expect.objectContaining({ status: "failure", variables: ["NODE_EXTRA_CA_CERTS"] }),
    ]);
  });

  it("has nothing to say of a machine without either", () => {
    expect(outbound({}).map(({ status }) => status)).toEqual(["ok"]);
  });
});

describe("the idle limit", () => {
  const warned = (seconds: string) =>
    settings({ config: readDoctorConfig({ ...env, SESSION_IDLE_SECONDS: seconds }) } as Parameters<
      typeof settings
    >[0]).filter(({ variables }) => variables.includes("SESSION_IDLE_SECONDS"));

  it.each(["1", "299"])("of %s s is warned of, as a page in view sends fewer requests", (seconds) => {
    expect(warned(seconds)).toMatchObject([
      {
        status: "warning",
        found: expect.stringContaining(`after ${seconds} s`),
        todo: "set it to 300 or more",
      },
    ]);
  });

  it.each(["300", ""])("is well when it is %j", (seconds) => expect(warned(seconds)).toEqual([]));
});
