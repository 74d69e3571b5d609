/** `REDIS_URL`: one Redis, or the Sentinels that know which Redis is the primary. */
import { z } from "zod";

interface Host {
  host: string;
  port: number;
}

interface Credentials {
  username?: string;
  password?: string;
}

export interface RedisAddress extends Credentials {
  tls: boolean;
  /** One Redis; with `sentinel`, the Sentinels to ask. */
  hosts: Host[];
  database: number;
  /** The group's name in the Sentinels' configuration, and what they want to be asked with. */
  sentinel: ({ name: string } & Credentials) | null;
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/** scheme, credentials, hosts, path, query, fragment. `new URL` cannot read a list of hosts. */
const PARTS = /^([a-z-]+):\/\/(?:([^/?#]*)@)?([^/?#@]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i;

const BAD_ESCAPE =
  "has a user or password with a % that starts no escape; write each character that is no letter, digit, - or _ as %XX (a % as %25)";

class Fault extends Error {}

/** The value of `REDIS_URL`. Faults never quote it, since it holds a password. */
export const redisUrl = z.string().transform((value, context) => {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

function parse(value: string): RedisAddress {
  const [, scheme = "", credentials = "", hosts = "", path = "", query, fragment] = PARTS.exec(value) ?? [];
  const kind = /^redis(s?)(-sentinel)?$/i.exec(scheme);
  if (!kind)
    throw new Fault("must start with redis://, rediss:// (TLS), redis-sentinel:// or rediss-sentinel://");
  const sentinel = kind[2] !== undefined;
  const [name = "", database, ...rest] = sentinel ? path.slice(1).split("/") : ["", path.slice(1)];
  if (fragment !== undefined || rest.length > 0 || !/^\d{0,4}$/.test(database ?? "") || (!sentinel && query))
    throw new Fault(
      sentinel
        ? "must look like redis-sentinel://user:password@host:26379,host:26379/<master name>/<database>; a # or / of a password is written as %23 or %2F"
        : "may end in a database number, e.g. /0, and in nothing else; a # or / or ? of a password is written as %23, %2F or %3F",
    );
  return {
    tls: kind[1] !== "",
    hosts: hostsOf(hosts, sentinel),
    database: Number(database || 0),
    ...credentialsOf(credentials),
    sentinel: sentinel ? { name: masterName(name), ...sentinelCredentials(query) } : null,
  };
}

function hostsOf(list: string, sentinel: boolean): Host[] {
  const each = list.split(",");
  if (each.length > 1 && !sentinel)
    throw new Fault("names several hosts; Sentinels are named by redis-sentinel://host,host/<master name>");
  return each.map((host) => {
    const url = URL.canParse(`redis://${host}`) ? new URL(`redis://${host}`) : null;
    if (!url?.hostname || url.pathname !== "" || url.port === "0")
      throw new Fault(`must name ${sentinel ? "each Sentinel" : "the Redis"} as host or host:port`);
    return {
      // Node's sockets take an IPv6 address without brackets.
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || (sentinel ? SENTINEL_PORT : REDIS_PORT)),
    };
  });
}

function credentialsOf(text: string): Credentials {
  const colon = text.indexOf(":");
  const [username, password] = [
    colon < 0 ? text : text.slice(0, colon),
    colon < 0 ? "" : text.slice(colon + 1),
  ];
  return {
    ...(username && { username: decoded(username) }),
    ...(password && { password: decoded(password) }),
  };
}

function masterName(text: string): string {
  if (!text) throw new Fault("must end in the name that the Sentinels give the primary, e.g. /mymaster");
  return decoded(text);
}

function sentinelCredentials(query = ""): Credentials {
  const found: Credentials = {};
  for (const part of query.split("&").filter(Boolean)) {
    const [name, value = ""] = part.split(/=(.*)/s);
    if (name === "sentinelUsername") found.username = decoded(value);
    else if (name === "sentinelPassword") found.password = decoded(value);
    else throw new Fault("takes the parameters sentinelUsername and sentinelPassword, and no other");
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Fault(BAD_ESCAPE);
  }
}

/** The passwords of an address, as they are written and as they are meant; none may appear in an output. */
export function passwordsIn(url: string): string[] {
  const found = [/^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:(.*)@/i, /[?&]sentinelPassword=([^&#]*)/].flatMap(
    (pattern) => pattern.exec(url)?.[1] ?? [],
  );
  return found.flatMap((password) => {
    try {
      return [password, decodeURIComponent(password)];
    } catch {
      return [password];
    }
  });
}
