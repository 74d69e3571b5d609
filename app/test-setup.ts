import { afterEach, beforeEach, expect, vi } from "vitest";

/**
 * A unit test that makes React or Node complain fails, unless it says that it expects the complaint with
 * `vi.mocked(console.error).mockClear()` before it ends. Unread warnings are how bugs get in.
 */
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  expect(vi.mocked(console.error).mock?.calls ?? [], "console.error was called").toEqual([]);
  expect(vi.mocked(console.warn).mock?.calls ?? [], "console.warn was called").toEqual([]);
});
