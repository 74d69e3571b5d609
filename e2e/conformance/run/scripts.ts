/** Fetches everything that the app's pages name, so that a key in a lazy chunk is found as well. */
import type { AppUnderTest } from "./app-under-test.ts";
import type { CookieJar } from "./http.ts";

const MAX_FILES = 250;
/** Pages whose visit would change something. */
const UNSAFE = /log-?out|sign-?out|logoff|delete|remove|unsubscribe/i;

/** Fills `app.client.served`. */
export const everyScript = (app: AppUnderTest): Promise<void> =>
  app.once("every script", async () => {
    const jar = app.visits[0]?.person.jar.copy() ?? null;
    const seen = new Set<string>();
    const queue = [
      app.routes.dashboard,
      app.routes.signIn ?? "/",
      "/",
      "/.env",
      "/.env.local",
      "/_next/static/development/_buildManifest.js",
    ];
    while (queue.length > 0 && seen.size < MAX_FILES) {
      const batch = queue.splice(0, 8).filter((path) => !seen.has(path));
      for (const path of batch) seen.add(path);
      const texts = await Promise.all(batch.map((path) => fetchText(app, path, jar)));
      for (const [index, text] of texts.entries())
        queue.push(...namesIn(text, batch[index] ?? "/", app).filter((path) => !seen.has(path)));
    }
  });

async function fetchText(app: AppUnderTest, path: string, jar: CookieJar | null): Promise<string> {
  const { text } = await app.client.send("GET", path, { jar, follow: true }).catch(() => ({ text: "" }));
  return text;
}

/** Addresses of the app's own files in a page or a script. */
function namesIn(text: string, from: string, { client }: AppUnderTest): string[] {
  const found = new Set<string>();
  const add = (name: string, base: string) => {
    if (!URL.canParse(name, new URL(base, client.url))) return;
    const url = new URL(name, new URL(base, client.url));
    if (url.origin === client.url.origin && !UNSAFE.test(url.pathname)) found.add(url.pathname + url.search);
  };
  for (const [, name = ""] of text.matchAll(
    /["'`]([^"'`\s<>]+?\.(?:m?js|cjs|css|json|map)(?:\?[^"'`\s<>]*)?)["'`]/g,
  )) {
    add(name, from);
    // Bundlers name chunks from the site's root, or from the folder of their runtime.
    if (!name.startsWith(".") && !name.startsWith("/") && !/^https?:/.test(name)) {
      add(`/${name}`, from);
      add(`/_next/${name}`, from);
    }
  }
  for (const [, name = ""] of text.matchAll(/[#@] sourceMappingURL=(\S+)/g))
    if (!name.startsWith("data:")) add(name, from);
  for (const [, name = ""] of text.matchAll(/(?:import|importScripts)\(\s*["'`]([^"'`]+)["'`]/g))
    add(name, from);
  if (/^\s*</.test(text)) {
    for (const [, name = ""] of text.matchAll(/\bsrc=["']?([^"'\s>]+)/g)) add(name, from);
    for (const [, name = ""] of text.matchAll(/<link\b[^>]*\bhref=["']?([^"'\s>]+)/g)) add(name, from);
    for (const [, name = ""] of text.matchAll(/<a\b[^>]*\bhref=["']?([^"'\s>#]+)/g)) add(name, from);
  }
  for (const name of webpackChunks(text)) add(name, "/");
  return [...found];
}

/** webpack's runtime holds a map of ids to hashes, and puts the names together from it. */
function webpackChunks(text: string): string[] {
  const folders = [...text.matchAll(/["']((?:[\w.-]+\/)*(?:chunks|js|static|assets)\/)["']\s*\+/g)].map(
    ([, folder = ""]) => folder,
  );
  if (folders.length === 0) return [];
  const pairs = [...text.matchAll(/["']?([\w-]{1,40})["']?\s*:\s*["']([0-9a-f]{8,40})["']/g)];
  return folders.flatMap((folder) =>
    pairs
      .slice(0, 60)
      .flatMap(([, id = "", hash = ""]) =>
        ["/_next/", "/"].flatMap((root) =>
          [`${id}.${hash}`, `${id}-${hash}`, hash].map((name) => `${root}${folder}${name}.js`),
        ),
      ),
  );
}
