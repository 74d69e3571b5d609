import { afterEach, beforeEach, expect, it } from "vitest";
import { jwtAdapter } from "./jwt.ts";
import { type Fault, type KeyServer, startKeyServer } from "./testing/key-server.ts";
import { makeKey } from "./testing/keys.ts";

let server: KeyServer;
beforeEach(async () => {
  server = await startKeyServer(makeKey("key-1"));
});
afterEach(() => server.close());

function probe(url: string) {
  const adapter = jwtAdapter("edge");
  const env = adapter.env.parse({
    JWT_EDGE_ISSUER: "https://edge.example.com",
    JWT_EDGE_AUDIENCE: "app",
    JWT_EDGE_JWKS_URL: url,
    JWT_EDGE_HEADER: "x-jwt",
  });
  return adapter.probe?.(env, AbortSignal.timeout(5_000));
}

it("finds no fault where keys are published", async () => {
  expect(await probe(server.jwksUrl)).toEqual([]);
});

it("asks nothing where each key has an address of its own", async () => {
  expect(await probe(server.pemUrl)).toEqual([]);
  expect(server.requests).toEqual([]);
});

it.each<[Fault, RegExp]>([
  ["status_500", /publishes no keys \(status 500\)/],
  ["garbage", /no key set/],
])("names the instance's own variable: %s", async (fault, problem) => {
  server.fault = fault;
  expect(await probe(server.jwksUrl)).toEqual([
    { variable: "JWT_EDGE_JWKS_URL", problem: expect.stringMatching(problem) },
  ]);
});

it.each<Fault>(["drop", "redirect"])("says when nobody answers: %s", async (fault) => {
  server.fault = fault;
  await expect(probe(server.jwksUrl)).rejects.toMatchObject({ code: "provider_unavailable" });
});

it("finds a key set without keys", async () => {
  server.keys.length = 0;
  expect(await probe(server.jwksUrl)).toMatchObject([{ variable: "JWT_EDGE_JWKS_URL" }]);
});
