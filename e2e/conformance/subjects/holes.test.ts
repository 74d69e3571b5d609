/**
 * The tutorial in plain Node, correct and with each of its holes. Plain requests run here; `npm run test:holes` adds the
 * browser, which takes half an hour for all of them.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rulesOf } from "../rules/index.ts";
import { type AppResult, runApp } from "../run/app.ts";
import { type Browser, openBrowser } from "../run/browser.ts";
import { readDescription } from "../run/description.ts";
import { holes } from "./holes.mjs";

const withBrowser = process.env["HOLES_IN_BROWSER"] === "1";
const TIMEOUT_MS = withBrowser ? 300_000 : 60_000;
const FILE = fileURLToPath(new URL("tutorial.json", import.meta.url));

/** Rules that this profile cannot fail, and sign-ins through a provider, which the tutorial does not have. */
const only = rulesOf("app").flatMap(({ id, app }) =>
  app?.profile === "tutorial" && !/^(START|CB)-/.test(id) ? [id] : [],
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

let browser: Browser | null = null;
beforeAll(async () => {
  if (withBrowser) browser = await openBrowser();
}, TIMEOUT_MS);
afterAll(() => browser?.close());

async function run(hole: string, expectedFailures: string[] = []): Promise<AppResult> {
  const description = readDescription(FILE);
  description.expectedFailures = expectedFailures;
  // Cookies ignore ports: on Ringside's own host, the session's cookie can reach it.
  const host = hole === "cookie-to-ringside" ? "127.0.0.1" : "localhost";
  description.url = `http://${host}:${await freePort()}`;
  description.env = { ...description.env, HOLE: hole };
  return runApp(description, { browser, only });
}

/** What a report must never hold: the key, a token, or the value of the subject's cookie. */
const SECRETS = /sk_live_|eyJ[\w-]{8,}\.|(first|second)\.[\w-]{43}/;

const failing = ({ rules }: AppResult) => rules.filter(({ result }) => result === "failed");
const needsBrowser = new Set<string>();

describe("the tutorial's own app", () => {
  it(
    "passes every rule that can be judged",
    async () => {
      const result = await run("");
      expect(result.faults).toEqual([]);
      expect(failing(result)).toEqual([]);
      const judged = result.rules.filter(({ result: outcome }) => outcome !== "not_run");
      expect(judged.length).toBeGreaterThanOrEqual(withBrowser ? 25 : 15);
      for (const { id, result: outcome } of result.rules) if (outcome === "not_run") needsBrowser.add(id);
      if (withBrowser) expect([...needsBrowser]).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

// Most of its rules ask a browser.
if (withBrowser)
  it(
    "this product's own app passes every rule of the full profile, none of them unseen",
    async () => {
      const description = readDescription(fileURLToPath(new URL("own-app.json", import.meta.url)));
      description.url = `http://localhost:${await freePort()}`;
      const result = await runApp(description, { browser });
      expect(result.faults).toEqual([]);
      expect(result.rules.filter(({ result: outcome }) => outcome !== "passed")).toEqual([]);
    },
    2 * TIMEOUT_MS,
  );

describe("a hole fails exactly its rules", () => {
  it.concurrent.each(Object.entries(holes))(
    "%s",
    async (hole, expected) => {
      const result = await run(hole);
      expect(result.faults).toEqual([]);
      expect(JSON.stringify(result)).not.toMatch(SECRETS);
      const judged = new Set(
        result.rules.flatMap(({ id, result: outcome }) => (outcome === "not_run" ? [] : [id])),
      );
      const wanted = withBrowser ? expected : expected.filter((id) => judged.has(id));
      expect(
        failing(result)
          .map(({ id }) => id)
          .sort(),
        JSON.stringify(failing(result)),
      ).toEqual([...wanted].sort());
    },
    TIMEOUT_MS,
  );
});

it("has a hole for every rule that the tutorial profile demands", () => {
  const seen = new Set(Object.values(holes).flat());
  expect(only.filter((id) => !seen.has(id))).toEqual([]);
});

describe("expectedFailures", () => {
  // A hole that plain requests see.
  const [hole = "", expected = []] = Object.entries(holes).find(([, ids]) => ids.includes("MINT-1")) ?? [];

  it(
    "turns a failure that it lists into advice",
    async () => {
      const { rules } = await run(hole, [...expected]);
      expect(rules.find(({ id }) => id === "MINT-1")).toMatchObject({
        result: "advice",
        detail: expect.stringMatching(/^expected to fail: /),
      });
    },
    TIMEOUT_MS,
  );

  it(
    "fails a rule that it lists and that passes",
    async () => {
      const { rules } = await run("", ["MINT-1"]);
      expect(rules.filter(({ result }) => result === "failed")).toEqual([
        { id: "MINT-1", result: "failed", detail: expect.stringContaining("remove the entry") },
      ]);
    },
    TIMEOUT_MS,
  );

  it("must name rules of the suite, which is said before anything runs", async () => {
    await expect(run("", ["MINT-99"])).rejects.toThrow(
      "expectedFailures names no rule of the suite: MINT-99",
    );
  });
});
