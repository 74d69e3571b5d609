import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as listed from "./index.ts";
import { registry, shapeOf } from "./registry.ts";

describe("the list of adapters", () => {
  it.each(Object.entries(listed))("has %s under its own id, which can be part of a URL", (name, adapter) => {
    expect(adapter.id).toBe(name);
    expect(adapter.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(registry.find(name)).toBe(adapter);
  });

  it.each(registry.all)("knows the variables of $id by name, and no two adapters share one", (adapter) => {
    expect(adapter.env).toBeInstanceOf(z.ZodObject);
    const own = Object.keys(shapeOf(adapter));
    const others = registry.all
      .filter((other) => other !== adapter)
      .flatMap((other) => Object.keys(shapeOf(other)));
    expect(others.filter((name) => own.includes(name))).toEqual([]);
  });
});
