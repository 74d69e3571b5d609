import { describe, expect, it } from "vitest";
import { passwordsIn, redisUrl } from "./redis-url.server.ts";

const plain = { tls: false, database: 0, sentinel: null };

describe("REDIS_URL", () => {
  it.each([
    ["redis://localhost", { ...plain, hosts: [{ host: "localhost", port: 6379 }] }],
    ["redis://10.0.0.7:6390/", { ...plain, hosts: [{ host: "10.0.0.7", port: 6390 }] }],
    ["redis://[2001:db8::7]:6390", { ...plain, hosts: [{ host: "2001:db8::7", port: 6390 }] }],
    ["redis://:secret@cache", { ...plain, password: "secret", hosts: [{ host: "cache", port: 6379 }] }],
    ["redis://:a:b@cache", { ...plain, password: "a:b", hosts: [{ host: "cache", port: 6379 }] }],
    [
      "rediss://user:p%40ss%25%2F%23@redis.example.com:6380/2",
      {
        ...plain,
        tls: true,
        username: "user",
        password: "p@ss%/#",
        hosts: [{ host: "redis.example.com", port: 6380 }],
        database: 2,
      },
    ],
    [
      "redis-sentinel://one:26380,two,[::1]:5/primary",
      {
        ...plain,
        hosts: [
          { host: "one", port: 26380 },
          { host: "two", port: 26379 },
          { host: "::1", port: 5 },
        ],
        sentinel: { name: "primary" },
      },
    ],
    [
      "rediss-sentinel://app:r%25@one:1/my%20primary/3?sentinelUsername=watch&sentinelPassword=s%26%3D",
      {
        tls: true,
        username: "app",
        password: "r%",
        hosts: [{ host: "one", port: 1 }],
        database: 3,
        sentinel: { name: "my primary", username: "watch", password: "s&=" },
      },
    ],
  ])("is read: %s", (url, address) => {
    expect(redisUrl.parse(url)).toEqual(address);
  });

  it.each([
    ["localhost:6379", /must start with redis:/],
    ["http://canary.example", /must start with redis:/],
    ["redis-cluster://canary:1", /must start with redis:/],
    ["redis://localhost/canary", /database number/],
    ["redis://localhost?canary=1", /database number/],
    ["redis://:canary#sure@host", /%23/],
    ["redis://:canary/sure@host", /%2F|host or host:port/],
    ["redis://:100%sure-canary@host", /a % as %25/],
    ["redis://canary%zz@host", /a % as %25/],
    ["redis://:canary%ff@host", /a % as %25/],
    ["redis://", /host or host:port/],
    ["redis://canary:port", /host or host:port/],
    ["redis://canary:0", /host or host:port/],
    ["redis://canary,two", /redis-sentinel:/],
    ["redis-sentinel://canary:1", /primary/],
    ["redis-sentinel://canary:1/", /primary/],
    ["redis-sentinel://canary:1,/primary", /each Sentinel/],
    ["redis-sentinel://canary:1/primary/zero", /<database>/],
    ["redis-sentinel://canary:1/primary/0/1", /<database>/],
    ["redis-sentinel://canary:1/primary?password=x", /sentinelPassword/],
    ["redis-sentinel://canary:1/primary?sentinelPassword=100%", /a % as %25/],
  ])("is refused without being quoted: %s", (url, problem) => {
    const message = redisUrl
      .safeParse(url)
      .error?.issues.map((issue) => issue.message)
      .join("\n");
    expect(message).toMatch(problem);
    expect(message).not.toContain("canary");
  });
});

it.each([
  ["redis://:100%sure@host", ["100%sure"]],
  ["rediss://user:p%40ss@host/0", ["p%40ss", "p@ss"]],
  ["redis-sentinel://u:one@a:1,b:2/main?sentinelPassword=two%21", ["one", "one", "two%21", "two!"]],
  ["redis://host", []],
])("finds the passwords of %s", (url, passwords) => {
  expect([...new Set(passwordsIn(url))]).toEqual([...new Set(passwords)]);
});
