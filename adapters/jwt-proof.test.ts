import { describe, expect, it } from "vitest";
import { proofReader } from "./jwt-proof.ts";

const request = (headers: Record<string, string>) => new Request("https://usage.example.com/", { headers });

describe("without a name for the place", () => {
  const read = proofReader({});

  it.each([
    ["Bearer a.b.c", "a.b.c"],
    ["bearer  a.b.c", "a.b.c"],
    ["Basic YTpi", null],
    ["Bearer", null],
    ["a.b.c", null],
  ])("Authorization: %s holds %j", (authorization, jwt) => {
    expect(read(request({ authorization }))).toBe(jwt);
  });

  it("no cookie counts", () => {
    expect(read(request({ cookie: "authorization=Bearer a.b.c; jwt=a.b.c" }))).toBeNull();
  });
});

describe("a header of a proxy", () => {
  const read = proofReader({ HEADER: "Cf-Access-Jwt-Assertion" });

  it.each([
    ["a.b.c", "a.b.c"],
    ["Bearer a.b.c", "a.b.c"],
    ["", null],
  ])("that reads %j holds %j", (value, jwt) => {
    expect(read(request({ "cf-access-jwt-assertion": value }))).toBe(jwt);
  });

  it("replaces Authorization", () => {
    expect(read(request({ authorization: "Bearer a.b.c" }))).toBeNull();
  });
});

describe("a cookie", () => {
  const read = proofReader({ COOKIE: "__session" });

  it.each([
    ["a=b; __session=a.b.c; c=d", "a.b.c"],
    ["__session=a.b.c==", "a.b.c=="],
    ["x__session=a.b.c", null],
    ["__session_x=a.b.c", null],
    ["__session=", null],
  ])("header that reads %j holds %j", (cookie, jwt) => {
    expect(read(request({ cookie }))).toBe(jwt);
  });

  it("alone counts when only it is named", () => {
    expect(read(request({ authorization: "Bearer a.b.c" }))).toBeNull();
  });

  it("twice is refused, even the same: a neighbour subdomain may have planted one", () => {
    expect(() => read(request({ cookie: "__session=d.e.f; __session=a.b.c" }))).toThrow("invalid_response");
  });
});

describe("a header and a cookie", () => {
  const read = proofReader({ HEADER: "Authorization", COOKIE: "jwt" });

  it("are read in this order", () => {
    expect(read(request({ authorization: "Bearer header", cookie: "jwt=cookie" }))).toBe("header");
    expect(read(request({ cookie: "jwt=cookie" }))).toBe("cookie");
    expect(read(request({}))).toBeNull();
  });
});

it("is refused unread when it is too long", () => {
  const read = proofReader({ HEADER: "x-jwt", COOKIE: "jwt" });
  const long = "x".repeat(12_289);
  expect(() => read(request({ "x-jwt": long }))).toThrow("invalid_response");
  expect(() => read(request({ cookie: `jwt=${long}` }))).toThrow("invalid_response");
  expect(read(request({ "x-jwt": long.slice(1) }))).toHaveLength(12_288);
});
