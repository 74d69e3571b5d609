/** Hosts that keep attempts badly, around an adapter that is sound. */
import { type Browser, createHost, type Host } from "#adapters/testing/sign-in.ts";
import type { HostFactory } from "../run/adapter-under-test.ts";

type Around = (host: Host) => Partial<Host>;
const around =
  (change: Around, inner: HostFactory = createHost): HostFactory =>
  (adapterId, connection) => {
    const host = inner(adapterId, connection);
    return { ...host, ...change(host) };
  };

/** Two tabs share one cookie. */
const shared = around((host) => ({
  leave(browser, path) {
    browser.cookies.clear();
    return host.leave(browser, path);
  },
}));

/** Whatever state the answer has, it counts for the newest attempt. */
const stateUnread = around((host) => {
  const states = new WeakMap<Browser, string>();
  return {
    async leave(browser, path) {
      const url = await host.leave(browser, path);
      states.set(browser, url.searchParams.get("state") ?? "");
      return url;
    },
    comeBack: (browser, query) => host.comeBack(browser, { ...query, state: states.get(browser) ?? "" }),
  };
});

/** Attempts are in the server's memory: any browser that brings the state has the attempt. */
const inMemory = around((host) => {
  const browsers = new Map<string, Browser>();
  return {
    async leave(browser, path) {
      const url = await host.leave(browser, path);
      browsers.set(url.searchParams.get("state") ?? "", browser);
      return url;
    },
    comeBack: (browser, query) => host.comeBack(browsers.get(query["state"] ?? "") ?? browser, query),
  };
});

const notCleared: Around = (host) => ({
  async comeBack(browser, query) {
    const before = new Map(browser.cookies);
    try {
      return await host.comeBack(browser, query);
    } finally {
      for (const [name, value] of before) browser.cookies.set(name, value);
    }
  },
});

const replayable = around(notCleared, (adapterId, connection) =>
  createHost(adapterId, connection, undefined, async () => true),
);

const readable = around((host) => ({
  async leave(browser, path) {
    const url = await host.leave(browser, path);
    const last = browser.setCookies.pop() ?? "";
    browser.setCookies.push(last.replace("; HttpOnly", ""));
    return url;
  },
}));

/** Attempts are never cleared away. */
const hoarding = around((host) => ({
  async leave(browser, path) {
    const before = new Map(browser.cookies);
    browser.cookies.clear();
    const url = await host.leave(browser, path);
    const added = new Map(browser.cookies);
    browser.cookies.clear();
    for (const [name, value] of [...before, ...added]) browser.cookies.set(name, value);
    return url;
  },
}));

const mixedUp: HostFactory = (_adapterId, connection) => createHost("any", connection);

export const brokenHosts: Record<string, readonly [HostFactory, readonly string[]]> = {
  "one cookie for all tabs": [shared, ["CB-11"]],
  "no state check": [stateUnread, ["CB-2", "CB-3", "CB-7", "CB-11"]],
  "attempts in memory, found by state alone": [inMemory, ["CB-3", "CB-12"]],
  "an attempt whose cookie stays": [around(notCleared), ["CB-1"]],
  "an attempt that is not ended": [replayable, ["CB-1", "CB-5"]],
  "a cookie that scripts can read": [readable, ["START-6"]],
  "attempts that pile up": [hoarding, ["START-9"]],
  "attempts of any adapter": [mixedUp, ["CB-4"]],
};
