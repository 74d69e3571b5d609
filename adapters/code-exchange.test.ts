import { afterEach, describe, expect, it } from "vitest";
import { createCodeExchange } from "./code-exchange.ts";
import { type Route, startProvider, type TestProvider } from "./testing/provider.ts";

const redirectUri = new URL("https://app.example.com/auth/x/callback");

let provider: TestProvider | undefined;
afterEach(async () => {
  await provider?.close();
  provider = undefined;
});

async function exchangeAt(token: Route, options: { timeoutSeconds?: number } = {}) {
  provider = await startProvider({ "POST /token": token });
  return createCodeExchange({
    issuer: provider.url,
    tokenEndpoint: new URL("/token", provider.url),
    clientId: "client",
    clientSecret: "canary-secret",
    redirectUri,
    ...options,
  })("canary-code", "canary-verifier");
}

describe("the code exchange", () => {
  it("answers what the strategies read", async () => {
    const tokens = await exchangeAt(() =>
      Response.json({ access_token: "t", token_type: "Bearer", expires_in: 60 }),
    );
    expect(tokens.accessToken()).toBe("t");
    expect(tokens.accessTokenExpiresInSeconds()).toBe(60);
  });

  it.each<[string, Route, string]>([
    [
      "a refusal",
      () => Response.json({ error: "invalid_client", error_description: "canary" }, { status: 401 }),
      "401 OAUTH_RESPONSE_BODY_ERROR invalid_client",
    ],
    [
      "GitHub's refusal with status 200",
      () => Response.json({ error: "bad_verification_code" }),
      "400 OAUTH_RESPONSE_BODY_ERROR bad_verification_code",
    ],
    ["a failure", () => new Response("canary", { status: 503 }), "503"],
    [
      "a redirect, which would carry the secret along",
      () => new Response(null, { status: 307, headers: { location: "/token2" } }),
      "307",
    ],
    [
      "a page",
      () => new Response("<p>canary</p>", { headers: { "content-type": "text/html" } }),
      "OAUTH_RESPONSE_IS_NOT_JSON",
    ],
  ])("takes %s for an unavailable provider, and says so without quoting it", async (_, route, detail) => {
    const error = await exchangeAt(route).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AdapterError", code: "provider_unavailable" });
    expect(String(error)).toContain(detail);
    expect(JSON.stringify([String(error), (error as Error).cause ?? null])).not.toContain("canary");
    expect(provider?.received.map(({ route }) => route)).toEqual(["POST /token"]);
  });

  it.each([{ token_type: "bearer" }, { access_token: "", token_type: "bearer" }, { access_token: 7 }, []])(
    "refuses an answer without a token: %j",
    async (body) => {
      await expect(exchangeAt(() => Response.json(body))).rejects.toMatchObject({ code: "invalid_response" });
    },
  );

  it("refuses broken JSON without quoting it", async () => {
    const broken = () => new Response("{canary", { headers: { "content-type": "application/json" } });
    await expect(exchangeAt(broken)).rejects.toMatchObject({
      code: "invalid_response",
      message: "invalid_response: token endpoint: ClientError OAUTH_PARSE_ERROR",
    });
  });

  it("gives up on a provider that does not answer", async () => {
    await expect(exchangeAt(() => new Promise(() => {}), { timeoutSeconds: 0.05 })).rejects.toThrow(
      "OAUTH_TIMEOUT",
    );
  });

  it("names the reason when no server listens", async () => {
    const closed = await startProvider({});
    await closed.close();
    const tokenEndpoint = new URL("/token", closed.url);
    const exchange = createCodeExchange({
      issuer: closed.url,
      tokenEndpoint,
      clientId: "c",
      clientSecret: "s",
      redirectUri,
    });
    await expect(exchange("c", "v")).rejects.toThrow("ECONNREFUSED");
  });

  it("sends the secret over plain http on loopback only", async () => {
    const tokenEndpoint = new URL("http://provider.example.com/token");
    const exchange = createCodeExchange({
      issuer: "x",
      tokenEndpoint,
      clientId: "c",
      clientSecret: "s",
      redirectUri,
    });
    await expect(exchange("c", "v")).rejects.toThrow("OAUTH_HTTP_REQUEST_FORBIDDEN");
  });
});
