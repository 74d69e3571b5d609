/** The browser's part at a mock provider, without a browser: cookies, redirects, and the button of one person. */
import { parseSetCookie, stringifyCookie } from "cookie";

const MAX_STEPS = 12;

/**
 * Follows from the provider's address until it sends the browser elsewhere, and answers where.
 * @throws Error with the provider's own words when it refuses
 */
export async function enter(start: URL, personId: string): Promise<URL> {
  const cookies: Record<string, string> = {};
  let url = start;
  let body: URLSearchParams | null = null;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response: Response = await fetch(url, {
      headers: { cookie: stringifyCookie(cookies) },
      ...(body && { method: "POST", body }),
      redirect: "manual",
    });
    const text = await response.text();
    for (const header of response.headers.getSetCookie()) {
      const { name, value = "", maxAge } = parseSetCookie(header);
      if (maxAge === 0) delete cookies[name];
      else cookies[name] = value;
    }
    const location = response.headers.get("location");
    if (location !== null) {
      url = new URL(location, url);
      body = null;
      if (url.origin !== start.origin) return url;
    } else if (response.ok && body === null) body = new URLSearchParams({ persona: personId });
    else throw new Error(`The provider refused with ${response.status}: ${/alert">([^<]*)/.exec(text)?.[1]}`);
  }
  throw new Error(`The provider did not come to an end within ${MAX_STEPS} steps.`);
}
