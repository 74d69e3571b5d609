import { describe, expect, it } from "vitest";
import { refuseMarkupFromText } from "./trusted-types.ts";

describe("refuseMarkupFromText", () => {
  it("lets React make its empty script elements, and empties everything else", () => {
    const policies = new Map<string, (text: string) => string>();
    refuseMarkupFromText({ createPolicy: (name, { createHTML }) => policies.set(name, createHTML) });
    const createHTML = policies.get("default");
    expect(createHTML?.("<script></script>")).toBe("<script></script>");
    for (const text of ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "((i,j)=>{})()"])
      expect(createHTML?.(text)).toBe("");
  });

  it("does nothing in a browser that knows no Trusted Types", () => {
    expect(() => refuseMarkupFromText(undefined)).not.toThrow();
  });
});
