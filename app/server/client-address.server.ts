/** The client's IP address, and what of it one subscriber has. Ports, brackets and zones are no part of it. */
import { isIP, isIPv4, isIPv6 } from "node:net";

/**
 * @param remoteAddress the other end of the connection
 * @param forwardedFor the header: each proxy appends the address that connected to it
 * @param hops how many of its entries, from the right, were written by proxies of ours
 * @returns the nearest address that is known, since a proxy may write `unknown` or `_hidden`; empty when none is
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  hops: number,
): string {
  const entries = String(forwardedFor ?? "")
    .split(",")
    .filter((entry) => entry.trim() !== "")
    .slice(-hops);
  const trusted = hops > 0 ? entries : [];
  for (const entry of trusted) {
    const address = parseAddress(entry);
    if (address) return address;
  }
  return parseAddress(remoteAddress ?? "") ?? "";
}

/** The longest is an IPv6 address with a zone, in brackets and quotes, with a port. */
const MAX_LENGTH = 100;

/** An address as some proxy wrote it, in one spelling; null for what is none. */
export function parseAddress(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const bare = text.trim().replace(/^"(.*)"$/, "$1");
  const inBrackets = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare)?.[1];
  const withoutPort = inBrackets ?? bare.replace(/^([\d.]+):\d{1,5}$/, "$1");
  const address = withoutPort.replace(/%[^%\]]*$/, "");
  if (isIPv4(address)) return inBrackets === undefined ? address : null;
  if (!isIPv6(address)) return null;
  const groups = groupsOf(address);
  // IPv4-mapped: how a socket that takes both kinds shows an IPv4 client.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return ipv4Of(groups);
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** What one subscriber has: an IPv4 address, or an IPv6 /64, of which one machine can use every address. */
export function networkOf(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === null || isIP(parsed) !== 6) return parsed ?? "";
  return `${groupsOf(parsed)
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function groupsOf(address: string): number[] {
  const dotted = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = "", tail] = dotted.split("::");
  const parse = (part: string) =>
    part
      .split(":")
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const left = parse(head);
  const right = parse(tail ?? "");
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

const ipv4Of = (groups: number[]) =>
  groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
