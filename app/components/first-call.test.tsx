// @vitest-environment happy-dom
import { execFileSync } from "node:child_process";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FirstCall } from "./first-call.tsx";

afterEach(cleanup);

const copied: string[] = [];
function show(customerId = "cus_42") {
  copied.length = 0;
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (value) => {
    copied.push(value);
  });
  render(<FirstCall customerId={customerId} ringsideUrl="https://api.example.test/v1/" />);
}
const press = (name: string) => act(async () => fireEvent.click(screen.getByRole("button", { name })));

describe("the first request", () => {
  test("shows the exact header and copies it", async () => {
    show();
    expect(screen.getByText("FC-Customer: cus_42")).toBeTruthy();
    await press("Copy the header");
    expect(copied).toEqual(["FC-Customer: cus_42"]);
    expect(screen.getByText("Copied")).toBeTruthy();
  });

  test("copies a request that a shell runs unchanged", async () => {
    show();
    await press("Copy the request");
    expect(argumentsOf(copied[0] ?? "")).toEqual([
      "https://api.example.test/v1/chat/completions",
      "-H",
      "Authorization: Bearer sk_test",
      "-H",
      "FC-Customer: cus_42",
      "-H",
      "Content-Type: application/json",
      "-d",
      '{"model": "fc:YOUR_MODEL", "messages": [{"role": "user", "content": "Hello"}]}',
    ]);
  });

  test.each(["a'; echo bad; '", "$(echo bad)", "`echo bad`", 'a"b\\'])(
    "an id never becomes a shell command: %s",
    async (id) => {
      show(id);
      await press("Copy the request");
      expect(argumentsOf(copied[0] ?? "")[4]).toBe(`FC-Customer: ${id}`);
    },
  );

  test("does not say that it copied when the browser refuses", async () => {
    show();
    vi.mocked(navigator.clipboard.writeText).mockRejectedValue(new DOMException("", "NotAllowedError"));
    await press("Copy the header");
    expect(screen.queryByText("Copied")).toBeNull();
  });
});

/** The arguments that a real shell passes to `curl`. */
function argumentsOf(call: string): string[] {
  const script = `curl() { printf '%s\\n' "$@"; }\n${call}`;
  const env = { ...process.env, API_KEY: "sk_test" };
  return execFileSync("sh", ["-c", script], { env, encoding: "utf8" }).trimEnd().split("\n");
}
