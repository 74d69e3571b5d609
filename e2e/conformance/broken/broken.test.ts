import { describe, expect, it } from "vitest";
import { runContract } from "../contract/outcomes.ts";
import type { HostFactory } from "../contract/subject.ts";
import type { Harness } from "../harness.ts";
import { rulesOf } from "../rules.ts";
import { brokenAmbient, soundAmbient } from "./ambient.ts";
import { brokenHosts } from "./hosts.ts";
import { brokenOpenId, soundOpenId } from "./openid.ts";
import { brokenRedirect, soundRedirect } from "./redirect.ts";

/** The rules that an adapter breaks, with how, so that a surprise says what it is. */
async function brokenBy(harness: Harness, host?: HostFactory) {
  const outcomes = await runContract(harness, host);
  return Object.fromEntries([...outcomes].filter(([, fault]) => fault !== null));
}

const brokenAdapters: [string, readonly [Harness, readonly string[]]][] = Object.entries({
  ...brokenRedirect,
  ...brokenOpenId,
  ...brokenAmbient,
});
const TIMEOUT_MS = 60_000;

describe("a sound adapter", () => {
  it.each([
    ["by hand", soundRedirect],
    ["with id_tokens", soundOpenId],
    ["of proofs", soundAmbient],
  ])("%s breaks no rule", async (_, harness) => expect(await brokenBy(harness)).toEqual({}), TIMEOUT_MS);
});

describe("a broken adapter fails exactly the rules it should", () => {
  it.each(brokenAdapters)(
    "%s",
    async (_, [harness, expected]) => {
      const broken = await brokenBy(harness);
      expect(Object.keys(broken).sort(), JSON.stringify(broken, null, 2)).toEqual([...expected].sort());
    },
    TIMEOUT_MS,
  );
});

describe("a broken host fails exactly the rules it should", () => {
  it.each(Object.entries(brokenHosts))(
    "%s",
    async (_, [host, expected]) => {
      const broken = await brokenBy(soundRedirect, host);
      expect(Object.keys(broken).sort(), JSON.stringify(broken, null, 2)).toEqual([...expected].sort());
    },
    TIMEOUT_MS,
  );
});

it("leaves no rule of the contract layer that nothing breaks", () => {
  const seen = [...brokenAdapters, ...Object.entries(brokenHosts)].flatMap(([, [, expected]]) => expected);
  expect(rulesOf("contract").flatMap(({ id }) => (seen.includes(id) ? [] : [id]))).toEqual([]);
});
