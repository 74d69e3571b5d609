// @vitest-environment happy-dom
import { cleanup, render, screen, within } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ErrorPage, UnavailablePage } from "./error-page.tsx";
import { SignInPage } from "./sign-in-page.tsx";
import { text } from "./text.ts";

afterEach(cleanup);

describe("sign in", () => {
  const github = { adapterId: "github", label: "GitHub" };
  const demo = {
    adapterId: "demo",
    label: "Demo",
    choices: [
      { id: "ada", label: "Ada Lovelace", hint: "Near her budget" },
      { id: "grace", label: "Grace Hopper" },
    ],
  };
  const page = { options: [demo, github], returnTo: "/dashboard?range=7d", productName: "Acme AI" };

  /** Where a plain form would go, with which fields, when a button is pressed. */
  function sentBy(button: HTMLElement) {
    const { form } = button as HTMLButtonElement;
    if (!form) throw new Error("the button is in no form");
    const data = new FormData(form, button as HTMLButtonElement);
    return { method: form.method, action: form.getAttribute("action"), data: Object.fromEntries(data) };
  }

  test("is a plain form per adapter that carries the return path", () => {
    render(<SignInPage {...page} />);
    expect(sentBy(screen.getByRole("button", { name: "Continue with GitHub" }))).toEqual({
      method: "post",
      action: "/auth/github",
      data: { returnTo: "/dashboard?range=7d" },
    });
  });

  test("has a button per choice, in a group that says what is chosen", () => {
    render(<SignInPage {...page} />);
    const group = screen.getByRole("group", { name: "Try the demo as" });
    expect(within(group).getAllByRole("button")).toHaveLength(2);
    expect(sentBy(within(group).getByRole("button", { name: /Ada Lovelace.*Near her budget/ }))).toEqual({
      method: "post",
      action: "/auth/demo",
      data: { returnTo: "/dashboard?range=7d", choice: "ada" },
    });
  });

  test.each(Object.entries(text.signInProblem))("shows our own sentence for %s", (problem, sentence) => {
    render(<SignInPage {...page} problem={problem} />);
    expect(screen.getByRole("alert").textContent).toBe(sentence);
  });

  test.each(["<b>You won</b>", "constructor", "__proto__"])(
    "never shows what the URL says: %s",
    (problem) => {
      render(<SignInPage {...page} problem={problem} />);
      expect(screen.getByRole("alert").textContent).toBe(text.signInProblem.unknown);
    },
  );

  test("says so when there is no adapter", () => {
    render(<SignInPage {...page} options={[]} />);
    expect(screen.getByText(/isn’t set up yet/)).toBeTruthy();
  });

  test("shows the product's own logo", () => {
    const { container } = render(<SignInPage {...page} productLogoUrl="/logo.svg" />);
    expect(container.querySelector("img")?.getAttribute("src")).toBe("/logo.svg");
  });
});

describe("figures unavailable", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function answering(...answers: (number | "network")[]) {
    const asked = vi.fn(async () => {
      const answer = answers.shift() ?? 503;
      if (answer === "network") throw new TypeError("Failed to fetch");
      return new Response(null, { status: answer });
    });
    vi.stubGlobal("fetch", asked);
    const loaded = vi.spyOn(window.location, "assign").mockImplementation(() => {});
    return { asked, loaded };
  }

  test("says what is wrong, and that it retries automatically", () => {
    answering();
    render(<UnavailablePage reason="ringside_unavailable" productName="Acme AI" />);
    expect(screen.getByText(/isn’t responding/)).toBeTruthy();
    expect(screen.getByText(/Retrying automatically/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Try again now" }).getAttribute("href")).toBe("/dashboard");
  });

  test.each(Object.entries(text.unavailable.body))("explains %s", (reason, sentence) => {
    answering();
    render(<UnavailablePage reason={reason} productName="Acme AI" />);
    expect(screen.getByText(sentence)).toBeTruthy();
  });

  test("asks 5 s, 10 s, 20 s … later and loads the page only once it answers", async () => {
    const { asked, loaded } = answering("network", 503, 200);
    render(<UnavailablePage reason="ringside_unavailable" productName="Acme AI" />);
    const counts: number[] = [];
    for (const seconds of [4.9, 0.1, 10, 19.9]) {
      await vi.advanceTimersByTimeAsync(seconds * 1_000);
      counts.push(asked.mock.calls.length);
    }
    expect(counts).toEqual([0, 1, 2, 2]);
    expect(loaded).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(loaded).toHaveBeenCalledExactlyOnceWith("/dashboard");
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  test("never waits longer than a minute", async () => {
    const { asked } = answering();
    render(<UnavailablePage reason="ringside_unavailable" productName="Acme AI" />);
    await vi.advanceTimersByTimeAsync(75_000);
    expect(asked).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(5);
  });

  test("stops when the page is left", async () => {
    const { asked } = answering();
    render(<UnavailablePage reason="ringside_unavailable" productName="Acme AI" />).unmount();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).not.toHaveBeenCalled();
  });

  test("reloads without scripts too", () => {
    expect(renderToString(<UnavailablePage reason="ringside_unavailable" productName="Acme AI" />)).toContain(
      '<noscript><meta http-equiv="refresh" content="10;url=/dashboard"/></noscript>',
    );
  });
});

describe("an error", () => {
  test("404 says that the page was not found", () => {
    render(<ErrorPage status={404} />);
    expect(screen.getByRole("heading", { name: "Page not found" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Go to your usage" }).getAttribute("href")).toBe("/");
  });

  test("any other error shows the request id for support, and no status", () => {
    render(<ErrorPage status={500} requestId="r-42" />);
    expect(screen.getByRole("heading", { name: "Something went wrong" })).toBeTruthy();
    expect(screen.getByText("Request r-42")).toBeTruthy();
  });
});

describe("the words for users", () => {
  const sentences = (part: unknown): string[] => {
    if (typeof part === "string") return [part];
    // Every parameter of a sentence is a string, or a ratio that is written like one.
    if (typeof part === "function") return [part("1", "2")];
    return Object.values(part as object).flatMap(sentences);
  };

  test.each(sentences(text))("name no gateway, HTTP status or environment variable: %s", (sentence) => {
    expect(sentence).not.toMatch(/ringside|\b[45]\d\d\b|\b[A-Z]+_[A-Z_]+\b(?<!API_KEY|YOUR_MODEL)/i);
  });
});
