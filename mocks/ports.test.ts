import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { claim, portOf } from "./ports.ts";

describe("a launcher's port", () => {
  it("is the variable's, or the usual one", () => {
    vi.stubEnv("PORT", "3950");
    expect(portOf("PORT", 3000)).toBe(3950);
    vi.stubEnv("PORT", "");
    expect(portOf("PORT", 3000)).toBe(3000);
  });

  it.each(["abc", "0", "99999", "30.5", "-1"])("is not %j", (value) => {
    vi.stubEnv("PORT", value);
    expect(() => portOf("PORT", 3000)).toThrow(`PORT must be from 1 to 65535, and not "${value}".`);
  });

  it("is refused while somebody else listens there, and free afterwards", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(claim("PORT", port)).rejects.toThrow(
      `Port ${port} cannot be had (EADDRINUSE): stop what listens there, or set PORT to another.`,
    );
    other.close();
    await once(other, "close");
    await claim("PORT", port);
    await claim("PORT", port);
  });
});
