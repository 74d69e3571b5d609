import { describe, expect, it } from "vitest";
import * as z from "zod";
import { adapters, findAdapter } from "./index.ts";

describe("the registry", () => {
  it.each(Object.entries(adapters))(
    "lists %s under its own id, which can be part of a URL",
    (key, adapter) => {
      expect(adapter.id).toBe(key);
      expect(adapter.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(findAdapter(key)).toBe(adapter);
    },
  );

  it.each(Object.values(adapters))(
    "knows the variables of $id by name, and no two adapters share one",
    (adapter) => {
      const variablesOf = (env: unknown) => (env instanceof z.ZodObject ? Object.keys(env.shape) : null);
      const own = variablesOf(adapter.env);
      expect(own).not.toBeNull();
      const others = Object.values(adapters).filter((other) => other !== adapter);
      expect(
        others.flatMap((other) => variablesOf(other.env)).filter((name) => own?.includes(name ?? "")),
      ).toEqual([]);
    },
  );

  it.each(["", "nobody", "constructor", "__proto__", "toString", "GitHub"])(
    "finds nothing under %j",
    (entry) => {
      expect(findAdapter(entry)).toBeUndefined();
    },
  );
});
