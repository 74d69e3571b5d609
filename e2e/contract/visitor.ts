/**
 * A client that signs in without a browser: an adapter inside the app's flow on one side, a mock provider over real
 * HTTP on the other. What a browser adds (its cookie rules, CSP, CORS) is for the Playwright suite.
 */
import { parseSetCookie, stringifyCookie } from "cookie";
import type { Identity, RedirectConnection } from "#adapters/adapter.ts";
import { registry } from "#adapters/registry.ts";
import { APP, Browser, createHost } from "#adapters/testing/sign-in.ts";
import { control } from "../control/http.ts";

/** The client to register at a mock for an adapter of this app. */
export const clientFor = (adapterId: string) => ({
  clientId: "contract-client",
  clientSecret: "contract-canary:/+%&~",
  redirectUris: [`${APP.origin}/auth/${adapterId}/callback`],
  logoutUrls: [`${APP.origin}/sign-in`],
});

/** @param entry as in AUTH_ADAPTERS @param env its variables, as an operator writes them */
export async function connect(entry: string, env: Record<string, string>): Promise<RedirectConnection> {
  const adapter = registry.find(entry);
  if (!adapter) throw new Error(`no adapter ${entry}`);
  const callbackUrl = new URL(`/auth/${entry}/callback`, APP);
  const app = { origin: APP, callbackUrl, secureCookies: true };
  const connection = await adapter.connect(adapter.env.parse(env), app);
  if (connection.kind !== "redirect") throw new Error(`${entry} redirects to no provider`);
  return connection;
}

export interface Visitor {
  /** Signs in from the first click to the Identity. @throws AdapterError */
  signIn(persona: string): Promise<Identity>;
  /** The provider's answer in the address that leads back to the app, which is not taken yet. */
  fetchAnswer(persona: string): Promise<Record<string, string>>;
  /** Takes an answer to the app. @throws AdapterError */
  comeBack(answer: Record<string, string>): Promise<Identity>;
  /** Opens a page at the provider with the cookies it has set; redirects are shown, not followed. */
  browse(url: URL, form?: Record<string, string>): Promise<Response>;
}

export function createVisitor(entry: string, connection: RedirectConnection): Visitor {
  const host = createHost(entry, connection);
  const browser = new Browser();
  const providerCookies: Record<string, string> = {};

  async function browse(url: URL, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(url, {
      headers: { cookie: stringifyCookie(providerCookies), accept: "text/html" },
      redirect: "manual",
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const header of response.headers.getSetCookie()) {
      const { name, value = "" } = parseSetCookie(header);
      providerCookies[name] = value;
    }
    return response;
  }

  async function fetchAnswer(persona: string): Promise<Record<string, string>> {
    let url = await host.leave(browser);
    let pressed = false;
    while (url.origin !== APP.origin) {
      let response = await browse(url);
      if (response.status === 200 && !pressed) {
        pressed = true;
        response = await browse(url, { persona });
      }
      const location = response.headers.get("location");
      if (!location) throw new Error(`the provider stopped at ${url.pathname}: ${await response.text()}`);
      url = new URL(location, url);
    }
    return Object.fromEntries(url.searchParams);
  }

  const comeBack = (answer: Record<string, string>) => host.comeBack(browser, answer);
  return { browse, fetchAnswer, comeBack, signIn: async (persona) => comeBack(await fetchAnswer(persona)) };
}

/** The control API of a mock, as far as these tests need it. */
export const controlOf = (url: string) => ({
  arm: (persona: string, fault: string, more: object = {}) =>
    control(url, "POST", "/faults", { persona, fault, ...more }),
  rotate: (withdraw: boolean) => control(url, "POST", "/rotate", { withdraw }),
  persona: (persona: object) => control(url, "POST", "/personas", persona),
  reset: () => control(url, "POST", "/reset"),
  /** What the provider has received, oldest first. */
  received: async () => {
    const { requests } = await control<{ requests: Record<string, unknown>[] }>(url, "GET", "/requests");
    return requests;
  },
});
