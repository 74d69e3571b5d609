import { describe, expect, it } from "vitest";
import { faultOfUrl, isLoopback, networkOf, pageUrl } from "./web-url.ts";

describe("plain http", () => {
  it.each(["http://localhost:3000", "http://127.0.0.1", "http://127.1", "http://[::1]:8080"])(
    "is taken from loopback: %s",
    (url) => expect(faultOfUrl(url)).toBeNull(),
  );

  it.each([
    "http://example.com",
    "http://localhost.example.com",
    "http://0.0.0.0",
    "http://app.localhost",
    "http://localhost.",
    "http://10.0.0.1",
    "ftp://localhost",
    "javascript:alert(1)",
  ])("is not taken from elsewhere: %s", (url) => {
    expect(faultOfUrl(url)).toContain("must be https");
    expect(isLoopback(new URL("https://example.com"))).toBe(false);
  });

  it.each(["", "example.com", "https://", "https://a b"])("%j is no URL", (url) =>
    expect(faultOfUrl(url)).toBe("must be a URL"),
  );

  it.each(["https://user@example.com", "https://:password@example.com"])("holds no credentials: %s", (url) =>
    expect(faultOfUrl(url)).toContain("without user or password"),
  );
});

describe("the network of a host", () => {
  it.each([
    [
      "loopback",
      ["localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost.", "localhost.localdomain"],
    ],
    [
      "loopback",
      ["127.0.0.1", "127.255.0.3", "127.1", "2130706433", "0x7f.1", "017700000001", "0.0.0.0", "0"],
    ],
    [
      "loopback",
      ["[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "ip6-localhost"],
    ],
    ["link-local", ["169.254.169.254", "2852039166", "[fe80::1]", "[::ffff:a9fe:a9fe]"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.100.100.200"]],
    [
      "private",
      ["[fd00:ec2::254]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]"],
    ],
    [
      "public",
      ["example.com", "localhost.example.com", "notlocalhost", "8.8.8.8", "172.32.0.1", "[2606:4700::1]"],
    ],
  ])("is %s for %j", (network, hosts) => {
    for (const host of hosts)
      expect([host, networkOf(new URL(`https://${host}/x`))]).toEqual([host, network]);
  });
});

describe("a page that users are sent to", () => {
  const takes = (value: string) => pageUrl().safeParse(value).success;

  it.each(["/oauth2/sign_out", "/a?b=c#d", "https://id.example.com/logout"])("may be %s", (value) =>
    expect(takes(value)).toBe(true),
  );

  it.each(["//evil.example", "/\\evil.example", "http://id.example.com", "javascript:alert(1)", "logout"])(
    "may not be %s",
    (value) => expect(takes(value)).toBe(false),
  );
});
