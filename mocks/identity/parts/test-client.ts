/** An application and a browser in front of a mock provider, for this folder's tests: real HTTP, nothing followed. */
import { createHash, randomBytes } from "node:crypto";
import { parseSetCookie, stringifyCookie } from "cookie";
import { onTestFinished } from "vitest";
import type { Served } from "#mocks/serve.ts";
import type { ProviderOptions } from "./provider.ts";

export const CALLBACK = "https://app.example/auth/callback";
export const CLIENT = {
  clientId: "app",
  clientSecret: "s:e c+r%t",
  redirectUris: [CALLBACK],
  logoutUrls: ["https://app.example/sign-in"],
};

const VERIFIER = randomBytes(32).toString("base64url");
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

/** What an application sends; null leaves a parameter out. */
export type Changes = Record<string, string | null>;

export interface Paths {
  authorize: string;
  token: string;
}

/** Starts a mock that lives as long as the test. */
export async function testClient(
  start: (options: ProviderOptions) => Promise<Served>,
  paths: Paths,
  options: Partial<ProviderOptions> = {},
) {
  const served = await start({ port: 0, clients: [CLIENT], ...options });
  onTestFinished(() => served.close());
  const jar = new Map<string, { name: string; value: string; path: string }>();

  /** As a browser: cookies kept for the paths they are for, redirects shown. */
  async function browse(path: string, init: RequestInit = {}): Promise<Response> {
    const cookies = [...jar.values()].filter((cookie) => path.startsWith(cookie.path));
    const headers = {
      cookie: stringifyCookie(Object.fromEntries(cookies.map(({ name, value }) => [name, value]))),
    };
    const response = await fetch(served.url + path, { ...init, headers, redirect: "manual" });
    for (const header of response.headers.getSetCookie()) {
      const { name, value = "", path: scope = "/", maxAge, expires } = parseSetCookie(header);
      const gone = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
      if (gone) jar.delete(`${name} ${scope}`);
      else jar.set(`${name} ${scope}`, { name, value, path: scope });
    }
    return response;
  }

  const authorizePath = (changes: Changes = {}) => {
    const asked = {
      response_type: "code",
      client_id: CLIENT.clientId,
      redirect_uri: CALLBACK,
      scope: "openid profile email",
      state: "s".repeat(43),
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
      ...changes,
    };
    return `${paths.authorize}?${present(asked)}`;
  };

  return {
    url: served.url,
    browse,
    ask: (changes?: Changes) => browse(authorizePath(changes)),

    /** Presses a persona's button; answers where the browser is sent. */
    async choose(persona: string, changes?: Changes): Promise<URL> {
      const body = new URLSearchParams({ persona });
      const response = await browse(authorizePath(changes), { method: "POST", body });
      return new URL(response.headers.get("location") ?? "about:blank");
    },
    press: (name: string, value: string) =>
      browse(authorizePath(), { method: "POST", body: new URLSearchParams({ [name]: value }) }),

    /** As the application's server. */
    exchange(code: string | null, changes: Changes = {}, headers: Record<string, string> = {}) {
      const body = present({
        grant_type: "authorization_code",
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        ...changes,
      });
      return fetch(served.url + paths.token, {
        method: "POST",
        headers: { accept: "application/json", ...headers },
        body,
        redirect: "manual",
      });
    },
    api: (path: string, token: string, headers: Record<string, string> = {}) =>
      fetch(served.url + path, { headers: { authorization: `Bearer ${token}`, ...headers } }),

    /** The control API. */
    async control(
      path: string,
      json?: unknown,
    ): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
      const init = json === undefined ? {} : { method: "POST", body: JSON.stringify(json) };
      const response = await fetch(`${served.url}/__control${path}`, init);
      return { status: response.status, body: await response.json() };
    },
  };
}

const present = (parameters: Changes) =>
  new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null),
  );
