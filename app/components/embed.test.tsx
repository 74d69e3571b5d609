import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EmbedBar, EmbedSignIn } from "./embed.tsx";
import { HandOverPage } from "./hand-over.tsx";
import { inRouter } from "./testing.tsx";
import { text } from "./text.ts";

// @vitest-environment happy-dom

const asked = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const loaded = vi.fn(() => null);

beforeEach(() => {
  asked.mockReset().mockResolvedValue(new Response(null, { status: 204 }));
  loaded.mockClear();
  vi.stubGlobal("fetch", asked);
});
afterEach(cleanup);

async function showSignIn(incomplete = false) {
  const { page } = inRouter(<EmbedSignIn incomplete={incomplete} />, "/embed", loaded);
  await act(async () => void render(page));
}
const press = () => act(async () => void fireEvent.click(screen.getByRole("button", { name: "Sign in" })));
const message = (data: unknown, origin = window.location.origin) =>
  act(async () => void window.dispatchEvent(new MessageEvent("message", { data, origin })));
const handOver = { type: "usage-dashboard:hand-over", code: "c0de" };

describe("signing in inside a frame", () => {
  test("redeems the code of the window it opened, and loads the page again", async () => {
    const open = vi.spyOn(window, "open").mockReturnValue(window);
    await showSignIn();
    await press();
    expect(open).toHaveBeenCalledWith("/embed/hand-over", "_blank", expect.stringContaining("popup"));
    expect(screen.getByRole("status").textContent).toBe(text.embed.waiting);
    await message(handOver);
    expect(asked).toHaveBeenCalledExactlyOnceWith(
      "/embed/session",
      expect.objectContaining({ method: "POST", body: JSON.stringify({ code: "c0de" }) }),
    );
    expect(loaded).toHaveBeenCalledTimes(2);
    // Still on this page after redeeming: the browser did not keep the cookie.
    expect(screen.getByRole("status").textContent).toBe(text.embed.noCookies);
  });

  test("accepts only a hand-over from its own origin, and only once", async () => {
    vi.spyOn(window, "open").mockReturnValue(window);
    await showSignIn();
    await message(handOver);
    await press();
    await message(handOver, "https://app.example.com");
    await message({ ...handOver, type: "other" });
    await message({ ...handOver, code: 7 });
    await message(null);
    expect(asked).not.toHaveBeenCalled();
    await message(handOver);
    await message(handOver);
    expect(asked).toHaveBeenCalledOnce();
  });

  test.each([
    ["the code is refused", async () => new Response(null, { status: 401 })],
    ["the request fails", () => Promise.reject(new TypeError("Failed to fetch"))],
  ])("says so when %s", async (_, answer) => {
    vi.spyOn(window, "open").mockReturnValue(window);
    asked.mockImplementation(answer);
    await showSignIn();
    await press();
    await message(handOver);
    expect(screen.getByRole("status").textContent).toBe(text.embed.failed);
    expect(loaded).toHaveBeenCalledTimes(1);
  });

  test("says so when no window opens, and after an incomplete sign-out", async () => {
    vi.spyOn(window, "open").mockReturnValue(null);
    await showSignIn(true);
    expect(screen.getByRole("status").textContent).toMatch(/couldn’t end the session/);
    await press();
    expect(screen.getByRole("status").textContent).toBe(text.embed.failed);
  });
});

describe("the window", () => {
  const show = (code: string | null) => render(<HandOverPage code={code} productName="Acme AI" />);
  const openedBy = (opener: unknown) => vi.stubGlobal("opener", opener);

  test("sends its code to our own origin alone, and closes", () => {
    const postMessage = vi.fn();
    const close = vi.spyOn(window, "close").mockReturnValue();
    openedBy({ postMessage });
    show("c0de");
    expect(postMessage).toHaveBeenCalledExactlyOnceWith(handOver, window.location.origin);
    expect(close).toHaveBeenCalledOnce();
  });

  test("says what to do when a provider's page severed the opener", () => {
    openedBy(null);
    show("c0de");
    expect(screen.getByRole("status").textContent).toBe(text.embed.handOver.again);
  });

  test("says why there is no code to send", () => {
    openedBy({ postMessage: vi.fn() });
    show(null);
    expect(screen.getByRole("status").textContent).toBe(text.embed.handOver.proof);
  });
});

describe("the bar", () => {
  test("signs out of the frame, where there is a session of ours to end", () => {
    const { container, rerender } = render(<EmbedBar user={{ name: "Ada" }} canSignOut />);
    const form = container.querySelector("form");
    expect(form?.getAttribute("action")).toBe("/sign-out");
    expect(new FormData(form ?? undefined).get("embedded")).toBe("1");
    rerender(<EmbedBar user={{ name: "Ada" }} canSignOut={false} />);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText("Signed in as Ada")).toBeTruthy();
  });
});
