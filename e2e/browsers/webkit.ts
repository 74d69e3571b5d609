/** Debian's WebKitGTK, driven over WebDriver classic: its driver speaks nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Launch, Page, Tab } from "./engine.ts";
import { until } from "./engine.ts";

/** The key of an element reference in WebDriver's JSON. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
type ElementReference = { [ELEMENT]: string };

/** Private-use code points stand for keys without a character (WebDriver, "keyboard actions"). */
const KEYS: Record<string, string> = {
  Tab: "\uE004",
  Enter: "\uE007",
  Escape: "\uE00C",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
};

/** The browser that the driver starts, beside the engine's other programs. */
const MINI_BROWSER = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec"]
  .map((directory) => `${directory}/webkit2gtk-4.1/MiniBrowser`)
  .find((path) => existsSync(path));

export async function launchWebKit(driver: string, { downloads }: Launch): Promise<Browser> {
  const port = await freePort();
  const child = spawn("xvfb-run", ["-a", driver, `--port=${port}`], {
    stdio: "ignore",
    // A group of its own: xvfb-run leaves the display and the driver behind when it alone is ended.
    detached: true,
    env: {
      ...process.env,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
      // It saves downloads without asking, to the desktop's folder for them.
      XDG_CONFIG_HOME: configured(downloads),
    },
  });
  const exited = once(child, "exit");
  const endAll = async () => {
    if (child.pid) process.kill(-child.pid, "SIGTERM");
    await exited;
  };
  const base = `http://127.0.0.1:${port}`;
  await until("WebKitWebDriver", () => command(base, "GET", "/status").then(() => true));

  const { sessionId, capabilities } = await command<{
    sessionId: string;
    capabilities: { browserVersion: string };
  }>(base, "POST", "/session", {
    capabilities: {
      alwaysMatch: {
        acceptInsecureCerts: true,
        ...(MINI_BROWSER && {
          "webkitgtk:browserOptions": { binary: MINI_BROWSER, args: ["--automation"] },
        }),
      },
    },
  }).catch(async (error) => {
    await endAll();
    throw error;
  });
  const session = `${base}/session/${sessionId}`;
  const call = <T>(method: "GET" | "POST" | "DELETE", path: string, body?: object) =>
    command<T>(session, method, path, body);

  // One window is current at a time, so that commands of two tabs must not interleave.
  let queue: Promise<unknown> = Promise.resolve();
  const inWindow = <T>(handle: string, work: () => Promise<T>): Promise<T> => {
    const result = queue.then(async () => {
      await call("POST", "/window", { handle });
      await call("POST", "/frame", { id: null });
      return work();
    });
    queue = result.catch(() => {});
    return result;
  };

  const find = (selector: string) =>
    call<ElementReference>("POST", "/element", { using: "css selector", value: selector });

  const pageIn = (handle: string, frame?: string): Page => {
    const within = <T>(work: () => Promise<T>) =>
      inWindow(handle, async () => {
        if (frame) await call("POST", "/frame", { id: await find(frame) });
        return work();
      });
    return {
      evaluate: (fn, ...args) =>
        within(() =>
          call("POST", "/execute/async", {
            script: `const args = [...arguments]; const done = args.pop();
              Promise.resolve((${fn})(...args)).then((value) => done({ value }), (error) => done({ error: String(error) }));`,
            args,
          }).then((outcome) => {
            const { value, error } = outcome as { value: never; error?: string };
            if (error) throw new Error(error);
            return value;
          }),
        ),
      click: (selector) =>
        within(async () => {
          const element = (await find(selector))[ELEMENT];
          await call("POST", `/element/${element}/click`, {});
        }),
    };
  };

  const createTab = (handle: string): Tab => ({
    ...pageIn(handle),
    frame: (selector) => pageIn(handle, selector),
    goto: (url) => inWindow(handle, () => call("POST", "/url", { url })),
    reload: () => inWindow(handle, () => call("POST", "/refresh", {})),
    press: (key) =>
      inWindow(handle, async () => {
        const value = KEYS[key] ?? key;
        await call("POST", "/actions", {
          actions: [
            {
              type: "key",
              id: "keyboard",
              actions: [
                { type: "keyDown", value },
                { type: "keyUp", value },
              ],
            },
          ],
        });
      }),
    // The driver knows the command and never answers it.
    print: async () => null,
    screenshot: () =>
      inWindow(handle, async () => Buffer.from(await call<string>("GET", "/screenshot"), "base64")),
    close: () => inWindow(handle, () => call("DELETE", "/window")),
  });

  const open = new Map<string, Tab>();
  const tab = (handle: string): Tab => {
    const known = open.get(handle) ?? createTab(handle);
    open.set(handle, known);
    return known;
  };

  // The one that the session began with stays open: without a window a session takes no command.
  const [first = ""] = await call<string[]>("GET", "/window/handles");

  return {
    name: "WebKit",
    version: `WebKitGTK ${capabilities.browserVersion}`,
    // A window, not a tab: a tab behind another one is hidden, and a hidden page does not poll.
    open: () =>
      inWindow(first, async () =>
        tab((await call<{ handle: string }>("POST", "/window/new", { type: "window" })).handle),
      ),
    tabs: async () =>
      (await call<string[]>("GET", "/window/handles")).filter((handle) => handle !== first).map(tab),
    async close() {
      await command(base, "DELETE", `/session/${sessionId}`).catch(() => {});
      await endAll();
    },
  };
}

/** @throws Error with the driver's own words */
async function command<T>(base: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(base + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    signal: AbortSignal.timeout(30_000),
  });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`WebDriver ${path}: ${value.error} ${value.message ?? ""}`);
  return value;
}

/** A desktop configuration whose download folder is this one. */
function configured(downloads: string): string {
  const config = mkdtempSync(join(tmpdir(), "webkit-config-"));
  writeFileSync(join(config, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  return config;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (!address || typeof address === "string") throw new Error("no free port");
  return address.port;
}
