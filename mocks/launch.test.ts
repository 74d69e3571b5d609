import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { assertPortFree, portFrom } from "./launch.ts";

describe("a launcher's port", () => {
  it("is the variable's, or the default", () => {
    vi.stubEnv("PORT", "3950");
    expect(portFrom("PORT", 3000)).toBe(3950);
    vi.stubEnv("PORT", "");
    expect(portFrom("PORT", 3000)).toBe(3000);
  });

  it.each(["abc", "0", "99999", "30.5", "-1"])("cannot be %j", (value) => {
    vi.stubEnv("PORT", value);
    expect(() => portFrom("PORT", 3000)).toThrow(`PORT must be from 1 to 65535, not "${value}".`);
  });

  it("is rejected while another program listens there, and accepted afterwards", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(assertPortFree("PORT", port)).rejects.toThrow(
      `Port ${port} is not available (EADDRINUSE): stop what listens there, or set PORT to another.`,
    );
    other.close();
    await once(other, "close");
    await assertPortFree("PORT", port);
    await assertPortFree("PORT", port);
  });
});
