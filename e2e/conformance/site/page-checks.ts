/** SES, TOK: what pages show, and to whom. */
import assert from "node:assert/strict";
import type { Site, SiteCheck } from "./site.ts";

/** The page and all scripts and styles that it names. */
async function everythingOn(site: Site, path: string): Promise<string[]> {
  const { text } = await site.get(path, site.session === null ? {} : { cookie: site.session });
  const names = [...text.matchAll(/["'](\/[^"'\s]+\.(?:js|css))["']/g)].map(([, name = ""]) => name);
  const files = await Promise.all([...new Set(names)].map((name) => site.get(name)));
  return [text, ...files.map((file) => file.text)];
}

export const pageChecks: Readonly<Record<string, SiteCheck>> = {
  "SES-3": async (site) => {
    const { status, location, text } = await site.get("/dashboard");
    assert.ok(status >= 300 && status < 400, `the dashboard answered ${status}`);
    assert.equal(location?.pathname, "/sign-in");
    assert.doesNotMatch(text, /\$\d/);
  },
  "TOK-1": async (site) => {
    const pages = [...(await everythingOn(site, "/sign-in")), ...(await everythingOn(site, "/dashboard"))];
    for (const page of pages) {
      // A Client Token or session is a JWT; a server key starts with what kind of key it is.
      assert.doesNotMatch(page, /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/, "a token is in a page");
      assert.doesNotMatch(page, /\bsk_(live|test)_\w{8,}/, "a server key is in a page");
      for (const secret of site.secrets) assert.ok(!page.includes(secret), "a secret is in a page");
    }
  },
};
