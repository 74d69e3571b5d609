/** Signs people in as the description says: by a request, from a saved state, or through their module. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import type { Browser } from "./browser.ts";
import { type Description, DescriptionError, type PersonDescription } from "./description.ts";
import { type AppClient, type Cookie, CookieJar } from "./http.ts";
import { SuiteFault } from "./outcome.ts";

export interface Person {
  name: string;
  jar: CookieJar;
  /** Local storage by origin, for apps that keep something of the session there. */
  origins: unknown[];
  /** A session of its own, for a rule that ends it; null when there is only the saved one. */
  again: (() => Promise<CookieJar>) | null;
}

const stateSchema = z.object({
  cookies: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      domain: z.string(),
      path: z.string().default("/"),
      httpOnly: z.boolean().default(false),
      secure: z.boolean().default(false),
      sameSite: z.enum(["Strict", "Lax", "None"]).default("Lax"),
      expires: z.number().default(-1),
    }),
  ),
  origins: z.array(z.unknown()).default([]),
});

/** The cookies that a saved state holds for this origin. @throws DescriptionError */
export function readState(file: string, origin: string): { cookies: Cookie[]; origins: unknown[] } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // JSON.parse quotes the text, which may be a cookie.
    const reason = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new DescriptionError(`${file} cannot be read: ${reason}`);
  }
  const { data } = stateSchema.safeParse(value);
  if (!data)
    throw new DescriptionError(
      `${file} is no sign-in state as Playwright saves it: an object with "cookies".`,
    );
  const { hostname } = new URL(origin);
  const cookies = data.cookies.filter(({ domain }) => {
    const bare = domain.replace(/^\./, "");
    return hostname === bare || (domain.startsWith(".") && hostname.endsWith(`.${bare}`));
  });
  if (cookies.length === 0) throw new DescriptionError(`${file} holds no cookie of ${origin}.`);
  return { cookies, origins: data.origins };
}

/** @throws SuiteFault when the person cannot be signed in */
export async function signIn(
  person: PersonDescription,
  description: Description,
  app: AppClient,
  browser: Browser | null,
): Promise<Person> {
  const { name } = person;
  if (person.state !== undefined) {
    const { cookies, origins } = readState(resolve(description.folder, person.state), app.url.origin);
    return { name, jar: new CookieJar(cookies), origins, again: null };
  }
  if (person.module !== undefined) {
    const file = resolve(description.folder, person.module);
    const open = () => signInByModule(name, file, app, browser);
    const { cookies, origins } = await open();
    return {
      name,
      jar: new CookieJar(cookies),
      origins,
      again: async () => new CookieJar((await open()).cookies),
    };
  }
  const again = () => signInByRequest(person, description, app);
  return { name, jar: await again(), origins: [], again };
}

async function signInByRequest(
  { name, signIn: how }: PersonDescription,
  { routes }: Description,
  app: AppClient,
): Promise<CookieJar> {
  if (!how) throw new SuiteFault(`${name} has no way to sign in.`);
  const jar = new CookieJar();
  const [method = "", path = ""] = how.request.split(" ");
  // The page that a browser would come from: it may set a cookie and carry a hidden field against CSRF.
  const page =
    routes.signIn === undefined ? null : await app.send("GET", routes.signIn, { jar, follow: true });
  const form = how.form && { ...(page ? hiddenFields(page.text, path) : {}), ...how.form };
  const body = form ? new URLSearchParams(form).toString() : how.json ? JSON.stringify(how.json) : undefined;
  const reply = await app.send(method, path, {
    jar,
    body,
    follow: true,
    headers: {
      origin: app.url.origin,
      referer: new URL(routes.signIn ?? "/", app.url).href,
      "sec-fetch-site": "same-origin",
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
      ...(how.json && { "content-type": "application/json", accept: "application/json" }),
      ...how.headers,
    },
  });
  if (reply.status >= 400) throw new SuiteFault(`${how.request} for ${name} answered ${reply.status}.`);
  if (jar.cookies.length === 0) throw new SuiteFault(`${how.request} for ${name} set no cookie.`);
  return jar;
}

/** Of the form that goes to this path; of all forms when none names it. */
function hiddenFields(html: string, path: string): Record<string, string> {
  const forms = html.match(/<form[\s\S]*?<\/form>/gi) ?? [];
  const own = forms.filter((form) => form.includes(`"${path}"`) || form.includes(`'${path}'`));
  const fields: Record<string, string> = {};
  for (const [input] of (own.length > 0 ? own : forms).join("").matchAll(/<input\b[^>]*>/gi)) {
    const attribute = (name: string) => new RegExp(`\\b${name}=["']?([^"'\\s>]*)`, "i").exec(input)?.[1];
    const name = attribute("name");
    if (name && attribute("type")?.toLowerCase() === "hidden") fields[name] = attribute("value") ?? "";
  }
  return fields;
}

async function signInByModule(name: string, file: string, app: AppClient, browser: Browser | null) {
  if (!browser) throw new SuiteFault(`${file} needs a browser, and none was found.`);
  const { default: run } = (await import(pathToFileURL(file).href)) as { default?: unknown };
  if (typeof run !== "function") throw new SuiteFault(`${file} has no default export that signs in.`);
  const context = await browser.newContext({ baseURL: app.url.origin });
  try {
    await run({ context, url: app.url.origin, name });
    const { cookies, origins } = await context.storageState();
    return { cookies: cookies as Cookie[], origins: origins as unknown[] };
  } finally {
    await context.close();
  }
}
