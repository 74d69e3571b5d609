import { describe, expect, it } from "vitest";
import { rulesOf } from "../rules/index.ts";
import { runContract } from "../run/adapter.ts";
import type { HostFactory } from "../run/adapter-under-test.ts";
import type { Harness } from "../run/harness.ts";
import { brokenHosts } from "./broken-hosts.ts";
import { brokenOpenId, referenceOpenId } from "./broken-openid.ts";
import { brokenProxyAuthenticated, referenceProxyAuthenticated } from "./broken-proxy-authenticated.ts";
import { brokenRedirect, referenceRedirect } from "./broken-redirect.ts";

/** The rules that an adapter breaks, with how, so that a surprise says what it is. */
async function brokenBy(harness: Harness, host?: HostFactory) {
  const outcomes = await runContract(harness, host);
  return Object.fromEntries([...outcomes].filter(([, fault]) => fault !== null));
}

const brokenAdapters: [string, readonly [Harness, readonly string[]]][] = Object.entries({
  ...brokenRedirect,
  ...brokenOpenId,
  ...brokenProxyAuthenticated,
});
const TIMEOUT_MS = 60_000;

describe("a reference adapter", () => {
  it.each([
    ["by hand", referenceRedirect],
    ["with id_tokens", referenceOpenId],
    ["of tokens", referenceProxyAuthenticated],
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
      const broken = await brokenBy(referenceRedirect, host);
      expect(Object.keys(broken).sort(), JSON.stringify(broken, null, 2)).toEqual([...expected].sort());
    },
    TIMEOUT_MS,
  );
});

it("leaves no rule of the contract layer that nothing breaks", () => {
  const seen = [...brokenAdapters, ...Object.entries(brokenHosts)].flatMap(([, [, expected]]) => expected);
  expect(rulesOf("contract").flatMap(({ id }) => (seen.includes(id) ? [] : [id]))).toEqual([]);
});
