import { jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keysFrom } from "./jwt-keys.ts";
import { type Fault, type KeyServer, startKeyServer } from "./testing/key-server.ts";
import { makeKey, type SigningKey, signJwt } from "./testing/keys.ts";

const MINUTE = 60_000;

let server: KeyServer;
let first: SigningKey;
let second: SigningKey;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  first = makeKey("key-1");
  second = makeKey("key-2");
  server = await startKeyServer(first);
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** `ok`, or the code of the refusal. */
async function verdict(keys: ReturnType<typeof keysFrom>, key: SigningKey): Promise<string> {
  const jwt = await signJwt(key, { sub: "1" });
  return jwtVerify(jwt, keys, { algorithms: ["ES256", "RS256"] }).then(
    () => "ok",
    (error: { code: string }) => error.code,
  );
}

const faults: Fault[] = ["drop", "status_500", "redirect", "huge"];

describe("a key set", () => {
  it("is fetched once for all requests at once, and kept", async () => {
    const keys = keysFrom(server.jwksUrl);
    expect(await Promise.all([1, 2, 3].map(() => verdict(keys, first)))).toEqual(["ok", "ok", "ok"]);
    pass(9 * MINUTE);
    expect(await verdict(keys, first)).toBe("ok");
    expect(server.requests).toEqual(["/jwks"]);
  });

  it("is fetched again for an unknown kid, once in 30 seconds", async () => {
    const keys = keysFrom(server.jwksUrl);
    expect(await verdict(keys, first)).toBe("ok");
    server.keys = [first, second];
    pass(31_000);
    expect(await verdict(keys, second)).toBe("ok");
    expect(await verdict(keys, first)).toBe("ok");
    for (const kid of ["forged-1", "forged-2", "forged-3"])
      expect(await verdict(keys, makeKey(kid))).toBe("ERR_JWKS_NO_MATCHING_KEY");
    expect(server.requests).toHaveLength(2);
  });

  it("forgets a key that was withdrawn within ten minutes", async () => {
    const keys = keysFrom(server.jwksUrl);
    expect(await verdict(keys, first)).toBe("ok");
    server.keys = [second];
    pass(10 * MINUTE);
    expect(await verdict(keys, first)).toBe("ERR_JWKS_NO_MATCHING_KEY");
    expect(await verdict(keys, second)).toBe("ok");
    expect(server.requests).toHaveLength(2);
  });

  it("that is slow to come anew holds up one request only", async () => {
    const keys = keysFrom(server.jwksUrl, 200);
    expect(await verdict(keys, first)).toBe("ok");
    server.fault = "hang";
    pass(10 * MINUTE);
    let settled = false;
    const held = verdict(keys, first).finally(() => {
      settled = true;
    });
    await vi.waitFor(() => expect(server.requests).toHaveLength(2));
    expect(await verdict(keys, first)).toBe("ok");
    expect(settled).toBe(false);
    expect(await held).toBe("ok");
    expect(server.requests).toHaveLength(2);
  });

  it.each(faults)(
    "that never came lets no user in (%s), and is asked for anew every 5 seconds",
    async (fault) => {
      server.fault = fault;
      const keys = keysFrom(server.jwksUrl);
      for (let request = 0; request < 3; request++)
        expect(await verdict(keys, first)).toBe("provider_unavailable");
      expect(server.requests).toHaveLength(1);
      server.fault = "none";
      pass(5_000);
      expect(await verdict(keys, first)).toBe("ok");
    },
  );

  it.each(faults)("goes on being used in an outage (%s), for a day and no longer", async (fault) => {
    const keys = keysFrom(server.jwksUrl);
    expect(await verdict(keys, first)).toBe("ok");
    server.fault = fault;
    pass(10 * MINUTE);
    const asked = server.requests.length;
    for (let request = 0; request < 3; request++) expect(await verdict(keys, first)).toBe("ok");
    expect(server.requests).toHaveLength(asked + 1);
    expect(await verdict(keys, second)).toBe("provider_unavailable");
    pass(24 * 60 * MINUTE);
    expect(await verdict(keys, first)).toBe("provider_unavailable");
    server.fault = "none";
    pass(5_000);
    expect(await verdict(keys, first)).toBe("ok");
  });

  it("that is none is not believed", async () => {
    server.fault = "garbage";
    expect(await verdict(keysFrom(server.jwksUrl), first)).toBe("ERR_JWKS_INVALID");
  });

  it("is not waited for without end", async () => {
    server.fault = "hang";
    expect(await verdict(keysFrom(server.jwksUrl, 20), first)).toBe("provider_unavailable");
    expect(await verdict(keysFrom(server.pemUrl, 20), first)).toBe("provider_unavailable");
  });
});

describe("a PEM per key", () => {
  it("is fetched once for each kid, and kept for a day", async () => {
    server.keys = [first, second];
    const keys = keysFrom(server.pemUrl);
    expect(await Promise.all([1, 2, 3].map(() => verdict(keys, first)))).toEqual(["ok", "ok", "ok"]);
    expect(await verdict(keys, second)).toBe("ok");
    pass(23 * 60 * MINUTE);
    server.fault = "drop";
    expect(await verdict(keys, first)).toBe("ok");
    expect(server.requests).toEqual(["/pem/key-1", "/pem/key-2"]);
    pass(2 * 60 * MINUTE);
    expect(await verdict(keys, first)).toBe("provider_unavailable");
  });

  it("is not there for an unknown kid, and forged ones do not become a flood of requests", async () => {
    const keys = keysFrom(server.pemUrl);
    expect(await verdict(keys, first)).toBe("ok");
    const verdicts: string[] = [];
    for (let index = 0; index < 30; index += 1)
      verdicts.push(await verdict(keys, { ...second, kid: `forged-${index}` }));
    expect(new Set(verdicts)).toEqual(new Set(["invalid_response", "provider_unavailable"]));
    expect(await verdict(keys, first)).toBe("ok");
    expect(server.requests).toHaveLength(21);
    server.keys = [first, second];
    pass(5_000);
    expect(await verdict(keys, second)).toBe("ok");
  });

  it("is fetched right after a forged kid was not found", async () => {
    const keys = keysFrom(server.pemUrl);
    for (const kid of ["forged-1", "forged-2", "forged-3"])
      expect(await verdict(keys, { ...second, kid })).toBe("invalid_response");
    expect(await verdict(keys, first)).toBe("ok");
  });

  it.each(["../jwks", "a/b", "a%2fb", "..", "a.b", "a?b", "a#b", "", "é", "a\nb", "x".repeat(129)])(
    "is never asked for by the kid %j",
    async (kid) => {
      expect(await verdict(keysFrom(server.pemUrl), { ...first, kid })).toBe("invalid_response");
      expect(server.requests).toEqual([]);
    },
  );

  it.each([7, null, ["key-1"], undefined])("is never asked for by the kid %j", async (kid) => {
    const jwt = await signJwt(first, { sub: "1" }, { kid } as never);
    await expect(jwtVerify(jwt, keysFrom(server.pemUrl))).rejects.toThrow("invalid_response");
    expect(server.requests).toEqual([]);
  });

  it("does not serve an algorithm it is not made for", async () => {
    const rsa = makeKey("key-1", "RS256");
    expect(await verdict(keysFrom(server.pemUrl), rsa)).toBe("invalid_response");
    server.keys = [{ ...first, pem: "no PEM" }];
    expect(await verdict(keysFrom(server.pemUrl), first)).toBe("invalid_response");
  });

  it.each(faults)("that cannot be had lets no user in (%s)", async (fault) => {
    server.fault = fault;
    expect(await verdict(keysFrom(server.pemUrl), first)).toBe("provider_unavailable");
  });
});
