import { expect, it, vi } from "vitest";

vi.mock("#app/config/config.server.ts", () => ({ config: () => ({ logLevel: "silent" }) }));
const { startSignIn } = await import("./sign-in.server.ts");

const start = vi.fn();
const connected = {
  adapter: { id: "demo" },
  connection: { kind: "redirect", start },
} as unknown as Parameters<typeof startSignIn>[1];

const sent = (accept: string, contentType: string | null, body: string | null) => {
  const request = new Request("https://usage.example.com/auth/demo", {
    method: "POST",
    headers: { accept, ...(contentType && { "content-type": contentType }) },
    body: body && new TextEncoder().encode(body),
  });
  return startSignIn(request, connected);
};

it.each([
  [null, null],
  ["application/json", "{}"],
  ["text/plain", "choice=ada"],
  ["multipart/form-data", "--x\r\n"],
  ["multipart/form-data; boundary=x", "--x\r\nhalf"],
])("a sign-in whose body is no form (%s) is a bad request, and begins nothing", async (contentType, body) => {
  const answer = await sent("*/*", contentType, body);
  expect([answer.status, (await answer.json()).code]).toEqual([400, "bad_request"]);
  expect(answer.headers.get("retry-after")).toBeNull();

  const shown = await sent("text/html", contentType, body);
  expect([shown.status, shown.headers.get("location")]).toEqual([302, "/sign-in?problem=bad_request"]);
  expect(start).not.toHaveBeenCalled();
});
