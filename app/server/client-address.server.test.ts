import { describe, expect, it } from "vitest";
import { clientAddress, networkOf, parseAddress } from "./client-address.server.ts";

describe("parseAddress", () => {
  it.each([
    ["203.0.113.8", "203.0.113.8"],
    ["203.0.113.8:51001", "203.0.113.8"],
    [" 203.0.113.8 ", "203.0.113.8"],
    ["::ffff:203.0.113.8", "203.0.113.8"],
    ["::FFFF:cb00:7108", "203.0.113.8"],
    ["[::ffff:203.0.113.8]:443", "203.0.113.8"],
    ["[2001:db8::7]:443", "2001:db8::7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ['"[2001:db8::7]:443"', "2001:db8::7"],
    ["2001:0DB8:0:0::7", "2001:db8::7"],
    ["fe80::1%eth0", "fe80::1"],
    ["[fe80::1%25eth0]:80", "fe80::1"],
    ["::1", "::1"],
  ])("of %s is %s", (text, address) => expect(parseAddress(text)).toBe(address));

  it.each([
    "",
    "unknown",
    "_hidden",
    "localhost",
    "203.0.113.8:port",
    "203.0.113.8:51001:2",
    "203.0.113",
    "203.0.113.256",
    "[203.0.113.8]:80",
    "[2001:db8::7",
    "2001:db8::7]:443",
    "2001:db8::g",
    '<script>"',
    "1".repeat(5_000),
  ])("of %s is none", (text) => expect(parseAddress(text)).toBeNull());
});

describe("clientAddress", () => {
  const proxy = "10.0.0.1";

  it.each([
    [0, "203.0.113.8", proxy],
    [1, undefined, proxy],
    [1, "203.0.113.8", "203.0.113.8"],
    [1, "6.6.6.6, 203.0.113.8:51001", "203.0.113.8"],
    [2, "6.6.6.6, 203.0.113.8:51001, 10.0.0.2", "203.0.113.8"],
    [2, "203.0.113.8", "203.0.113.8"],
    [1, "6.6.6.6,, ,[2001:db8::7]:443,", "2001:db8::7"],
    // Not known: the nearest proxy that is.
    [1, "6.6.6.6, unknown", proxy],
    [2, "6.6.6.6, _hidden, 10.0.0.2", "10.0.0.2"],
    [2, "<b>, 10.0.0.2", "10.0.0.2"],
  ])("with %i trusted proxies and %j is %s", (hops, forwardedFor, address) => {
    expect(clientAddress(proxy, forwardedFor, hops)).toBe(address);
  });

  it("is empty when the connection has none", () => expect(clientAddress(undefined, undefined, 0)).toBe(""));
});

describe("networkOf", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["64:ff9b::203.0.113.7", "64:ff9b:0:0::/64"],
    ["", ""],
  ])("of %s is %s", (address, network) => expect(networkOf(address)).toBe(network));
});
