/** Signing in as the app does it, without the app: an adapter's connection inside attempts.ts, and a browser's cookies. */
import { parseSetCookie } from "cookie";
import { EncryptJWT, jwtDecrypt } from "jose";
import type { Identity, RedirectConnection } from "../adapter.ts";
import { type AttemptOptions, createAttempts, type Sealer } from "../attempts.ts";

export const APP = new URL("https://app.example.com");

const key = crypto.getRandomValues(new Uint8Array(32));

export const testSealer: Sealer = {
  seal: (payload, ttlSeconds) =>
    new EncryptJWT(payload)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setExpirationTime(`${ttlSeconds} seconds`)
      .encrypt(key),
  open: (token) =>
    jwtDecrypt(token, key).then(
      ({ payload }) => payload,
      () => null,
    ),
};

/** Remembers what was used, as the app does. */
export function claimsOnce() {
  const used = new Set<string>();
  return async ({ id }: { id: string }) => !used.has(id) && Boolean(used.add(id));
}

/** One browser: its tabs share these cookies. */
export class Browser {
  /** Oldest first, as browsers send them. */
  readonly cookies = new Map<string, string>();
  /** Every Set-Cookie header ever received. */
  readonly setCookies: string[] = [];

  request(url: URL): Request {
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    return new Request(url, { headers: { cookie } });
  }

  receive(setCookies: readonly string[]): void {
    for (const header of setCookies) {
      const { name, value = "", maxAge } = parseSetCookie(header, { decode: (text) => text });
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value);
      this.setCookies.push(header);
    }
  }
}

export interface Host {
  /** Starts an attempt and answers where the provider was asked. */
  leave(browser: Browser, startPath?: string): Promise<URL>;
  /** Comes back with the query of the provider's answer. @throws AdapterError */
  comeBack(browser: Browser, query: Record<string, string>): Promise<Identity>;
}

export function createHost(
  adapterId: string,
  connection: Pick<RedirectConnection, "origins" | "start" | "finish">,
  now?: () => number,
  claimOnce: AttemptOptions["claimOnce"] = claimsOnce(),
): Host {
  const attempts = createAttempts({
    sealer: testSealer,
    secureCookies: true,
    appOrigin: APP,
    claimOnce,
    ...(now && { now }),
  });
  return {
    async leave(browser, startPath = `/auth/${adapterId}`) {
      const request = browser.request(new URL(startPath, APP));
      const response = await connection.start(request);
      const answer = await attempts.begin({
        adapterId,
        connection,
        request,
        response,
        returnTo: "/dashboard",
      });
      browser.receive(answer.headers.getSetCookie());
      return new URL(answer.headers.get("location") ?? "");
    },
    async comeBack(browser, query) {
      const url = new URL(`/auth/${adapterId}/callback?${new URLSearchParams(query)}`, APP);
      const resumed = await attempts.resume({ adapterId, request: browser.request(url) });
      browser.receive(resumed.clear);
      if (!resumed.ok) throw resumed.error;
      return connection.finish(resumed.request);
    },
  };
}
