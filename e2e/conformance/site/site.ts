/** A running app, ours or anybody's, as plain requests see it: nothing of the suite runs inside it. */
export interface Site {
  origin: string;
  /** Of an adapter that people leave through, read off the sign-in page; null when there is none. */
  adapterId: string | null;
  /** The Cookie header of somebody signed in; null when none was saved. */
  session: string | null;
  /** Strings that only its server may hold, as far as they are known. */
  secrets: readonly string[];
  /** The bodies of the mints that its Ringside received so far; null when nobody can tell. */
  mints: (() => Promise<readonly Record<string, unknown>[]>) | null;
  /** One request, whose redirect is not followed. */
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  send(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Answered>;
}

/** Throws when the site breaks the rule. */
export type SiteCheck = (site: Site) => Promise<void>;

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** Where a redirect leads; null when it is none. */
  location: URL | null;
}

export async function openSite(
  origin: string,
  { session = null, secrets = [], mints = null }: Partial<Pick<Site, "session" | "secrets" | "mints">> = {},
): Promise<Site> {
  async function send(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
    const response = await fetch(new URL(path, origin), {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
    });
    const location = response.headers.get("location");
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? null : new URL(location, new URL(path, origin)),
    };
  }
  const get = (path: string, headers?: Record<string, string>) => send("GET", path, headers);
  const { text } = await get("/sign-in");
  const adapterId = /action="\/auth\/([a-z0-9:-]+)"/.exec(text)?.[1] ?? null;
  return { origin, adapterId, session, secrets, mints, get, send };
}
