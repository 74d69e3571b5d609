import { describe, expect, it } from "vitest";
import { describeError, symbol } from "./describe-error.ts";

describe("describeError", () => {
  it("tells the class, status and symbolic codes, of the cause as well", () => {
    const cause = Object.assign(new Error("connect to 10.0.0.1"), { code: "ECONNREFUSED" });
    expect(describeError(new TypeError("fetch failed", { cause }))).toBe("TypeError ECONNREFUSED");
    expect(
      describeError(Object.assign(new Error("no"), { status: 401, code: "A_CODE", error: "invalid_client" })),
    ).toBe("Error 401 A_CODE invalid_client");
  });

  it("repeats no message, body, code or token", () => {
    const error = Object.assign(
      new Error("canary", { cause: { body: { access_token: "canary" }, code: "4/0canary1" } }),
      {
        code: "gho_16C7e42F292c6912E7",
        error: "<b>canary</b>",
        status: "canary",
      },
    );
    expect(describeError(error)).toBe("Error");
  });

  it.each([
    ["a string", "string"],
    [undefined, "undefined"],
    [null, "object"],
  ])("copes with %j", (thrown, text) => {
    expect(describeError(thrown)).toBe(text);
  });
});

describe("symbol", () => {
  it.each([
    ["server_error", "server_error"],
    ["ECONNREFUSED", "ECONNREFUSED"],
    ["", null],
    ["a b", null],
    ["x".repeat(60), null],
    ["code123", null],
    [7, null],
    [null, null],
  ])("%j → %j", (value, text) => {
    expect(symbol(value)).toBe(text);
  });
});
