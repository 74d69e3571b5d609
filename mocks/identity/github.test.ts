import { describe, expect, it } from "vitest";
import { startGithub } from "./github.ts";
import { CALLBACK, type Changes, CLIENT, testClient } from "./parts/test-client.ts";

const PATHS = { authorize: "/login/oauth/authorize", token: "/login/oauth/access_token" };
const github = (options = {}) => testClient(startGithub, PATHS, options);
type Github = Awaited<ReturnType<typeof github>>;

const codeOf = (url: URL) => url.searchParams.get("code");
async function signIn(client: Github, persona = "ada", scope = "read:user"): Promise<string> {
  const response = await client.exchange(codeOf(await client.choose(persona, { scope })));
  return (await response.json()).access_token;
}

describe("the authorize page", () => {
  it("shows a button per persona and the way out, and gives no code before one is pressed", async () => {
    const client = await github();
    const response = await client.ask();
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toMatch(/<button name="persona" value="ada">Continue as Ada Lovelace/);
    expect(html).toMatch(/<button name="persona" value="quiet">Continue as quiet/);
    expect(html).toContain('<button name="deny"');
  });

  it("does not take a persona from the address", async () => {
    const client = await github();
    expect((await client.ask({ persona: "ada" })).status).toBe(200);
  });

  it("escapes what a persona is called", async () => {
    const client = await github();
    await client.control("/personas", { id: '"><script>', subject: "5", name: "<img src=x>" });
    const html = await (await client.ask()).text();
    expect(html).toContain("&lt;img src=x&gt;");
    expect(html).not.toMatch(/<script>|<img/);
  });

  it("sends the chosen persona back with a code, the state and the issuer", async () => {
    const client = await github();
    const url = await client.choose("ada");
    expect(url.origin + url.pathname).toBe(CALLBACK);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      code: expect.stringMatching(/^[0-9a-f]{40}$/),
      state: "s".repeat(43),
      iss: `${client.url}/login/oauth`,
    });
  });

  it("redirects back with an error when the user cancels", async () => {
    const client = await github();
    const location = (await client.press("deny", "1")).headers.get("location") ?? "";
    expect(new URL(location).searchParams.get("error")).toBe("access_denied");
    expect(new URL(location).searchParams.get("state")).toBe("s".repeat(43));
  });

  it.each<[string, Changes]>([
    ["state is missing", { state: null }],
    ["state is missing", { state: "" }],
    ["client_id is unknown", { client_id: "another" }],
    ["redirect_uri is not registered", { redirect_uri: `${CALLBACK}/` }],
    ["redirect_uri is not registered", { redirect_uri: null }],
    ["response_type must be code", { response_type: "token" }],
    ["code_challenge_method must be S256", { code_challenge_method: "plain" }],
    ["code_challenge_method must be S256", { code_challenge_method: null }],
    ["code_challenge is not one of S256", { code_challenge: "short" }],
    ["code_challenge is not one of S256", { code_challenge: null }],
  ])("refuses on a page of its own, never by redirect: %s", async (fault, changes) => {
    const client = await github();
    const response = await client.ask(changes);
    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
    expect(await response.text()).toContain(fault);
    expect((await client.choose("ada", changes)).href).toBe("about:blank");
  });

  it("refuses a persona it does not know", async () => {
    const client = await github();
    expect((await client.press("persona", "unknown")).status).toBe(400);
  });
});

describe("the token endpoint", () => {
  it("gives a token for a code, once", async () => {
    const client = await github();
    const code = codeOf(await client.choose("ada", { scope: "read:user user:email" }));
    expect(await (await client.exchange(code)).json()).toEqual({
      access_token: expect.any(String),
      token_type: "bearer",
      scope: "read:user,user:email",
    });
    const again = await client.exchange(code);
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ error: "bad_verification_code" });
  });

  it("answers form-encoded unless asked for JSON, as GitHub does", async () => {
    const client = await github();
    const response = await client.exchange(codeOf(await client.choose("ada")), {}, { accept: "*/*" });
    expect(new URLSearchParams(await response.text()).get("token_type")).toBe("bearer");
  });

  it("takes the client's secret in the header too, form-urlencoded as the standard says", async () => {
    const client = await github();
    const halves = [CLIENT.clientId, CLIENT.clientSecret];
    const basic = (encode: (text: string) => string) =>
      Buffer.from(halves.map(encode).join(":")).toString("base64");
    const exchange = async (credentials: string) => {
      const inHeader = { client_id: null, client_secret: null };
      const code = codeOf(await client.choose("ada"));
      return (await client.exchange(code, inHeader, { authorization: `Basic ${credentials}` })).json();
    };
    expect(await exchange(basic(encodeURIComponent))).toHaveProperty("access_token");
    expect(await exchange(basic((text) => text))).toMatchObject({ error: "incorrect_client_credentials" });
  });

  it.each<[string, Changes]>([
    ["incorrect_client_credentials", { client_secret: "wrong" }],
    ["incorrect_client_credentials", { client_secret: null }],
    ["incorrect_client_credentials", { client_id: "another" }],
    ["bad_verification_code", { code: "another" }],
    ["bad_verification_code", { code_verifier: "x".repeat(43) }],
    ["bad_verification_code", { code_verifier: null }],
    ["redirect_uri_mismatch", { redirect_uri: `${CALLBACK}/` }],
    ["redirect_uri_mismatch", { redirect_uri: null }],
    ["unsupported_grant_type", { grant_type: "password" }],
  ])("refuses with %s: %j, and the code is used up", async (error, changes) => {
    const client = await github();
    const code = codeOf(await client.choose("ada"));
    expect(await (await client.exchange(code, changes)).json()).toMatchObject({ error });
    if (!("code" in changes)) expect(await (await client.exchange(code)).json()).toHaveProperty("error");
  });

  it("binds a code to the client that asked, and to one minute", async () => {
    let now = Date.now();
    const other = { ...CLIENT, clientId: "other" };
    const client = await github({ clients: [CLIENT, other], now: () => now });
    const stolen = codeOf(await client.choose("ada"));
    expect(await (await client.exchange(stolen, { client_id: "other" })).json()).toMatchObject({
      error_description: "wrong_client",
    });
    const [fresh, late] = [codeOf(await client.choose("ada")), codeOf(await client.choose("ada"))];
    now += 60_000;
    expect(await (await client.exchange(fresh)).json()).toHaveProperty("access_token");
    now += 1;
    expect(await (await client.exchange(late)).json()).toMatchObject({ error_description: "expired_code" });
  });
});

describe("the API", () => {
  it("says who the token is about", async () => {
    const client = await github();
    const profile = await (await client.api("/api/v3/user", await signIn(client))).json();
    expect(profile).toMatchObject({
      id: 583231,
      login: "ada",
      name: "Ada Lovelace",
      email: "ada@example.com",
    });
    const quiet = await (await client.api("/api/v3/user", await signIn(client, "quiet"))).json();
    expect(quiet).toMatchObject({ id: 77, login: "quiet", name: null, email: null });
  });

  it("shows e-mail addresses only to those who asked for them", async () => {
    const client = await github();
    const emails = async (scope: string) =>
      client.api("/api/v3/user/emails", await signIn(client, "ada", scope));
    expect((await emails("read:user")).status).toBe(404);
    expect(await (await emails("read:user user:email")).json()).toEqual([
      { email: "ada@example.com", verified: true, primary: true, visibility: "public" },
    ]);
  });

  it("refuses a wrong token", async () => {
    const client = await github();
    expect((await client.api("/api/v3/user", "wrong")).status).toBe(401);
  });
});

describe("the control API", () => {
  it("is healthy, and knows no more than the default personas after a reset", async () => {
    const client = await github();
    expect(await client.control("/health")).toEqual({ status: 200, body: { ok: true } });
    await client.control("/personas", { id: "ada", subject: "1", name: "Renamed" });
    await client.control("/personas", { id: "eve", subject: "2" });
    await client.control("/faults", { persona: "ada", fault: "deny" });
    expect(await (await client.ask()).text()).toContain("Continue as Renamed");
    await client.control("/reset", {});
    const html = await (await client.ask()).text();
    expect(html).toContain("Continue as Ada Lovelace");
    expect(html).not.toContain("eve");
    expect(codeOf(await client.choose("ada"))).not.toBeNull();
  });

  it.each([
    ["/personas", { id: "x", subject: "not-a-number" }],
    ["/personas", { id: "x" }],
    ["/personas", { id: "x", subject: "1", nmae: "typo" }],
    ["/faults", { persona: "ada", fault: "denny" }],
    ["/faults", { fault: "deny" }],
  ])("refuses a mistake at %s: %j", async (path, json) => {
    expect((await (await github()).control(path, json)).status).toBe(400);
  });

  it.each([
    ["deny", { error: "access_denied", code: null, state: "s".repeat(43) }],
    ["error_text", { error: "access_denied", error_description: expect.stringContaining("555-0100") }],
    ["omit_state", { state: null, code: expect.any(String) }],
    ["wrong_state", { state: "w".repeat(43) }],
    ["omit_iss", { iss: null }],
    ["wrong_iss", { iss: "https://evil.example/" }],
  ])("misbehaves on the way back, once: %s", async (fault, expected) => {
    const client = await github();
    await client.control("/faults", { persona: "ada", fault });
    const read = (url: URL) =>
      Object.fromEntries(Object.keys(expected).map((name) => [name, url.searchParams.get(name)]));
    const untouched = await client.choose("quiet");
    expect(codeOf(untouched)).not.toBeNull();
    expect(read(await client.choose("ada"))).toMatchObject(expected);
    const after = await client.choose("ada");
    expect([...after.searchParams.keys()].sort()).toEqual(["code", "iss", "state"]);
    expect(after.searchParams.get("iss")).toBe(`${client.url}/login/oauth`);
  });

  it.each([
    ["token_500", 500, null],
    ["token_error_200", 200, "server_error"],
    ["token_redirect", 302, null],
  ])("misbehaves at the token endpoint: %s", async (fault, status, error) => {
    const client = await github();
    await client.control("/faults", { persona: "ada", fault, times: 2 });
    for (const _ of [1, 2]) {
      const response = await client.exchange(codeOf(await client.choose("ada")));
      expect(response.status).toBe(status);
      if (error) expect(await response.json()).toMatchObject({ error });
    }
    expect((await client.exchange(codeOf(await client.choose("ada")))).status).toBe(200);
  });

  it("is as slow as it is told to be", async () => {
    const slept: number[] = [];
    const client = await github({ sleep: async (ms: number) => void slept.push(ms) });
    await client.control("/faults", { persona: "ada", fault: "slow", delay_ms: 12_345 });
    expect(await (await client.exchange(codeOf(await client.choose("ada")))).json()).toHaveProperty(
      "access_token",
    );
    expect(slept).toEqual([12_345]);
  });

  it("fails the profile for a persona that has just signed in", async () => {
    const client = await github();
    const token = await signIn(client);
    await client.control("/faults", { persona: "ada", fault: "profile_500", times: null });
    expect((await client.api("/api/v3/user", token)).status).toBe(500);
    expect((await client.api("/api/v3/user", token)).status).toBe(500);
  });

  it("tells what it received, and no secret, code, verifier or token of it", async () => {
    const client = await github();
    await client.ask({ state: null });
    const code = codeOf(await client.choose("ada"));
    const { access_token } = await (await client.exchange(code)).json();
    await client.exchange(code, { code_verifier: "x".repeat(43), client_secret: "wrong" });
    await client.api("/api/v3/user", access_token);
    const { requests } = (await client.control("/requests")).body;
    expect(requests).toMatchObject([
      { seq: 1, endpoint: "authorize", method: "GET", persona: null, status: 400 },
      {
        endpoint: "authorize",
        method: "POST",
        persona: "ada",
        status: 302,
        query: { code_challenge_method: "S256" },
      },
      {
        endpoint: "token",
        grant_type: "authorization_code",
        client_id: "app",
        client_auth: "post",
        redirect_uri: CALLBACK,
        pkce: "matched",
        persona: "ada",
        error: null,
        status: 200,
      },
      { endpoint: "token", pkce: "mismatched", persona: null, error: "unknown_client" },
      { endpoint: "userinfo", path: "/api/v3/user", persona: "ada", status: 200 },
    ]);
    expect((await client.control("/requests?since=4")).body.requests).toHaveLength(1);
    for (const secret of [code, access_token, CLIENT.clientSecret])
      expect(JSON.stringify(requests)).not.toContain(secret);
  });
});
