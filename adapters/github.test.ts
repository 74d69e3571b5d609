import { afterEach, describe, expect, it } from "vitest";
import type { Identity, RedirectConnection } from "./adapter.ts";
import { github } from "./github.ts";
import { type Route, startProvider, type TestProvider } from "./testing/provider.ts";
import { APP, Browser, createHost } from "./testing/sign-in.ts";

const CALLBACK = new URL("/auth/github/callback", APP);
const credentials = { GITHUB_CLIENT_ID: "client", GITHUB_CLIENT_SECRET: "secret" };
const connect = (GITHUB_URL?: string) =>
  github.connect(github.env.parse({ ...credentials, GITHUB_URL }), {
    origin: APP,
    callbackUrl: CALLBACK,
    secureCookies: true,
  }) as RedirectConnection;

let provider: TestProvider | undefined;
afterEach(async () => {
  await provider?.close();
  provider = undefined;
});

/** Signs in at a GitHub that says this about the person. */
async function signIn(user: unknown, routes: Record<string, Route> = {}): Promise<Identity> {
  provider = await startProvider({
    "POST /login/oauth/access_token": () =>
      Response.json({ access_token: "gho_1", token_type: "bearer", scope: "" }),
    "GET /api/v3/user": () => Response.json(user),
    ...routes,
  });
  const host = createHost("github", connect(provider.url));
  const browser = new Browser();
  const url = await host.leave(browser);
  return host.comeBack(browser, { state: url.searchParams.get("state") ?? "", code: "c" });
}

describe("github", () => {
  it("asks github.com for the least, with PKCE", async () => {
    const connection = connect();
    const url = await createHost("github", connection).leave(new Browser());
    expect(url.origin + url.pathname).toBe("https://github.com/login/oauth/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: "code",
      client_id: "client",
      redirect_uri: CALLBACK.href,
      scope: "read:user",
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    expect(connection.origins).toEqual(["https://github.com"]);
  });

  it("reads the person from the API with the token in the header", async () => {
    const user = {
      id: 583231,
      login: "ada",
      name: "Ada Lovelace",
      email: "ada@example.com",
      avatar_url: "https://x.test/a",
    };
    expect(await signIn(user)).toEqual({
      issuer: provider?.url,
      subject: "583231",
      name: "Ada Lovelace",
      avatarUrl: "https://x.test/a",
    });
    const [exchange, profile] = provider?.received ?? [];
    expect(Object.fromEntries(exchange?.form ?? [])).toEqual({
      grant_type: "authorization_code",
      code: "c",
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: CALLBACK.href,
      client_id: "client",
      client_secret: "secret",
    });
    expect(exchange?.headers.get("accept")).toContain("application/json");
    expect(profile?.headers.get("authorization")).toBe("Bearer gho_1");
    // GitHub answers 403 to a request that does not say who is asking.
    expect(profile?.headers.get("user-agent")).toBe("usage-dashboard");
  });

  it("signs in people without a name or public e-mail", async () => {
    expect(await signIn({ id: 77, login: "quiet", name: null, email: null })).toMatchObject({
      subject: "77",
      name: "quiet",
    });
  });

  it.each([{ id: "583231", login: "ada" }, { login: "ada" }, { id: 1.5, login: "a" }, null, []])(
    "refuses a profile without a numeric id: %j",
    async (user) => {
      await expect(signIn(user)).rejects.toMatchObject({ code: "invalid_response" });
    },
  );

  it("never carries the access token along a redirect", async () => {
    const moved = () => new Response(null, { status: 301, headers: { location: "/elsewhere" } });
    await expect(signIn({}, { "GET /api/v3/user": moved })).rejects.toMatchObject({
      code: "provider_unavailable",
    });
    expect(provider?.received.map(({ route }) => route)).not.toContain("GET /elsewhere");
  });

  it("asks each kind of GitHub where its API is", async () => {
    const asked: string[] = [];
    const realFetch = globalThis.fetch;
    for (const url of ["https://github.com", "https://octo.ghe.com", "https://git.example.com:8443"]) {
      const host = createHost("github", connect(url));
      const browser = new Browser();
      const state = (await host.leave(browser)).searchParams.get("state") ?? "";
      globalThis.fetch = async (input) => {
        asked.push(String(input));
        return Response.json({ access_token: "t", token_type: "bearer", id: 1, login: "a" });
      };
      await host.comeBack(browser, { state, code: "c" }).finally(() => {
        globalThis.fetch = realFetch;
      });
    }
    expect(asked).toEqual([
      "https://github.com/login/oauth/access_token",
      "https://api.github.com/user",
      "https://octo.ghe.com/login/oauth/access_token",
      "https://api.octo.ghe.com/user",
      "https://git.example.com:8443/login/oauth/access_token",
      "https://git.example.com:8443/api/v3/user",
    ]);
  });

  it("keeps user 1 of an Enterprise server apart from user 1 of github.com", () => {
    const externalIds = ["https://github.com", "https://git.example.com", "https://git.example.com:8443"].map(
      (issuer) => github.externalId({ issuer, subject: "1", name: "renamed", email: "new@example.com" }),
    );
    expect(externalIds).toEqual(["github_1", "github_git.example.com_1", "github_git.example.com:8443_1"]);
  });

  it.each([
    [{}, "GITHUB_CLIENT_ID", "is required: the client id of your GitHub OAuth app"],
    [{ GITHUB_CLIENT_ID: "c" }, "GITHUB_CLIENT_SECRET", "is required"],
    [{ ...credentials, GITHUB_CLIENT_SECRET: "a b" }, "GITHUB_CLIENT_SECRET", "must be the bare value"],
    [{ ...credentials, GITHUB_URL: "git.example.com" }, "GITHUB_URL", "must be a URL"],
    [{ ...credentials, GITHUB_URL: "http://git.example.com" }, "GITHUB_URL", "must be https"],
    [{ ...credentials, GITHUB_URL: "https://git.example.com/path" }, "GITHUB_URL", "without a path"],
    [{ ...credentials, GITHUB_URL: "https://u:p@git.example.com" }, "GITHUB_URL", "user or password"],
  ])("says what to do about %j", (env, variable, message) => {
    const issues = github.env.safeParse(env).error?.issues ?? [];
    expect(issues.find(({ path }) => path[0] === variable)?.message).toContain(message);
  });
});
