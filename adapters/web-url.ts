/** The rules for every URL that an operator configures, a provider publishes or a page shows. */
import { BlockList, isIP } from "node:net";
import * as z from "zod";

/** A server on this machine, where plain http stays private. Only spellings that no resolver can lead elsewhere. */
export const isLoopback = (url: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);

/** https, or plain http on loopback. */
export const isHttpsOrLoopback = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));

/** The fault of a URL that requests are sent to or users are led to, as a clause after its name; null when it has none. */
export function faultOfUrl(value: string): string | null {
  if (!URL.canParse(value)) return "must be a URL";
  const url = new URL(value);
  return isHttpsOrLoopback(url) && !url.username && !url.password
    ? null
    : "must be https (http is for loopback only), without user or password";
}

/** An origin from an environment variable. @param meaning completes "must be …" */
export const providerOrigin = (meaning: string) =>
  z.string({ error: `is required: set ${meaning}` }).transform((value, context) => {
    const { pathname, search, hash } = URL.canParse(value) ? new URL(value) : new URL("about:blank");
    // A path would be dropped silently by every URL that is resolved against it.
    const fault =
      faultOfUrl(value) ?? (pathname !== "/" || search || hash ? "must be an origin without a path" : null);
    if (!fault) return new URL(value);
    context.addIssue({ code: "custom", message: `${fault}: set ${meaning}` });
    return z.NEVER;
  });

/** A page that users are sent to: a URL, or a path of the app's own origin, where a proxy may answer. */
export function pageUrl() {
  const here = "https://app.invalid";
  return z.string().refine(
    (value) => {
      if (!value.startsWith("/")) return faultOfUrl(value) === null;
      return URL.canParse(value, here) && new URL(value, here).origin === here;
    },
    { error: "must be a path such as /oauth2/sign_out, or an https address" },
  );
}

/** Where a host is, as far as its name or IP address tells. A DNS name is "public" wherever it resolves to. */
export type Network = "loopback" | "link-local" | "private" | "public";

/**
 * For deciding what a provider may make this server or a browser connect to, so every spelling counts that reaches
 * this machine or its network somewhere. URL parsing has already turned `127.1` and `2130706433` into `127.0.0.1`.
 */
export function networkOf({ hostname }: URL): Network {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  const family = isIP(host);
  if (family === 0) return LOOPBACK_NAMES.test(host) ? "loopback" : "public";
  const found = NETWORKS.find(([, list]) => list.check(host, family === 4 ? "ipv4" : "ipv6"));
  return found?.[0] ?? "public";
}

/** RFC 6761, and what the hosts files of Linux distributions hold. */
const LOOPBACK_NAMES = /^((.+\.)?localhost|localhost\d?\.localdomain\d?|ip6-(localhost|loopback))$/;

/** A list for IPv4 holds for the addresses of IPv6 that map to it (`::ffff:127.0.0.1`). The first match counts. */
const NETWORKS: [Network, BlockList][] = [
  // The unspecified address reaches this machine as well.
  ["loopback", listOf("127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128")],
  // Where clouds answer with the credentials of a machine: 169.254.169.254.
  ["link-local", listOf("169.254.0.0/16", "fe80::/10")],
  // The last three embed an IPv4 address, which is another spelling of it.
  [
    "private",
    listOf(
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "100.64.0.0/10",
      "fc00::/7",
      "fec0::/10",
      "::/96",
      "64:ff9b::/96",
      "2002::/16",
    ),
  ],
];

function listOf(...subnets: string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = "", bits] = subnet.split("/");
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
