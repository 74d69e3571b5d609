import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reuseIfEqual } from "./reuse-if-equal.ts";

const data = fc.jsonValue();

describe("reuseIfEqual", () => {
  test("returns the previous object when the next one is equal", () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(reuseIfEqual(value, structuredClone(value))).toBe(value);
      }),
    );
  });

  test("always returns what equals the next value", () => {
    fc.assert(
      fc.property(data, data, (previous, next) => {
        expect(reuseIfEqual(previous, next)).toEqual(next);
      }),
    );
  });

  test("keeps the identity of the parts that did not change", () => {
    const previous = { budgets: [{ label: "Team" }, { label: "Research" }], spend: 1 };
    const merged = reuseIfEqual(previous, { budgets: [{ label: "Team" }, { label: "Company" }], spend: 1 });
    expect(merged.budgets[0]).toBe(previous.budgets[0]);
    expect(merged.budgets[1]).toEqual({ label: "Company" });
    expect(previous.budgets[1]).toEqual({ label: "Research" });
  });

  test.each([
    [[1, 2], [1]],
    [[1], [1, 2]],
    [{ a: undefined }, { b: undefined }],
    [[], {}],
    [{ a: null }, { a: {} }],
  ])("does not take %j for %j", (previous, next) => {
    const merged = reuseIfEqual<unknown>(previous, next);
    expect(merged).not.toBe(previous);
    expect(merged).toEqual(next);
  });
});
