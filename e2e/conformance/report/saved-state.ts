/** A sign-in state as Playwright saves it (`storageState`), read for the cookies of one site. */
import { readFileSync } from "node:fs";
import * as z from "zod";

const schema = z.object({
  cookies: z.array(z.object({ name: z.string(), value: z.string(), domain: z.string() })),
});

/** The Cookie header of the site's own cookies; null when it holds none. @throws Error that says so when it is no such file */
export function sessionFrom(path: string, origin: string): string | null {
  const { data } = schema.safeParse(contentOf(path));
  if (!data) throw new Error(`${path} is no sign-in state as Playwright saves it: an object with "cookies".`);
  const { cookies } = data;
  const { hostname } = new URL(origin);
  const own = cookies.filter(({ domain }) => {
    const bare = domain.replace(/^\./, "");
    return hostname === bare || (domain.startsWith(".") && hostname.endsWith(`.${bare}`));
  });
  return own.length === 0 ? null : own.map(({ name, value }) => `${name}=${value}`).join("; ");
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`);
  }
}
