import { act, cleanup, render, screen } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LivePhase, LiveReason } from "#app/usage/state.ts";
import { Age, NextTry, Phase, Problem, Why } from "./status.tsx";
import { text } from "./text.ts";

// @vitest-environment happy-dom

afterEach(cleanup);

const phases = Object.keys(text.phase) as LivePhase[];
const reasons = Object.keys(text.reason) as LiveReason[];

describe("the phase", () => {
  test.each(phases)("%s is a polite status message", (phase) => {
    render(<Phase phase={phase} />);
    expect(screen.getByRole("status").textContent).toBe(text.phase[phase]);
  });

  test("no two phases or reasons have the same sentence", () => {
    expect(new Set(Object.values(text.phase)).size).toBe(phases.length);
    expect(new Set(Object.values(text.reason)).size).toBe(reasons.length);
  });
});

describe("the reason", () => {
  test.each(reasons)("is shown while reconnecting: %s", (reason) => {
    render(<Why phase="reconnecting" reason={reason} />);
    expect(screen.getByText(text.reason[reason])).toBeTruthy();
  });

  test("is shown when offline, and not while live", () => {
    const { container, rerender } = render(<Why phase="offline" reason={null} />);
    expect(container.textContent).toMatch(/when you’re back online/);
    rerender(<Why phase="live" reason={null} />);
    expect(container.textContent).toBe("");
  });
});

describe("a problem that needs the user", () => {
  test("signed out: says so, with a link to sign in again", () => {
    render(<Problem phase="signed_out" reason="not_signed_in" here="/dashboard?range=7d" />);
    expect(screen.getByText("You’re signed out")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Sign in again" }).getAttribute("href")).toBe(
      "/dashboard?range=7d",
    );
  });

  test("another user signed in: the button reloads the page of that user", () => {
    render(<Problem phase="signed_out" reason="session_changed" here="/dashboard?range=7d" />);
    expect(screen.getByText("You switched accounts in another tab")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Reload the page" }).getAttribute("href")).toBe(
      "/dashboard?range=7d",
    );
  });

  test.each(["origin_not_allowed", "endpoint_not_allowed", "token_rejected", "customer_missing"] as const)(
    "%s: says what to do",
    (reason) => {
      render(<Problem phase="blocked" reason={reason} here="/dashboard?range=7d" />);
      expect(screen.getByText(text.reason[reason])).toBeTruthy();
    },
  );

  test.each(["starting", "live", "paused", "offline", "reconnecting"] as const)(
    "%s shows no problem",
    (phase) => {
      const { container } = render(<Problem phase={phase} reason={null} here="/dashboard" />);
      expect(container.innerHTML).toBe("");
    },
  );
});

describe("the age of the figures", () => {
  const start = Date.parse("2026-11-24T12:00:00Z");
  beforeEach(() => vi.useFakeTimers({ now: start }));
  afterEach(() => vi.useRealTimers());
  const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1_000));

  test("updates every second", () => {
    const { container } = render(<Age updatedAt={start} />);
    const seen = [0, 3, 57, 3_540].map((seconds) => {
      pass(seconds);
      return container.textContent;
    });
    expect(seen).toEqual(["updated just now", "updated 3 s ago", "updated 1 min ago", "updated 1 h ago"]);
  });

  test("is the same on the server and in the first render, whatever their clocks say", () => {
    expect(renderToString(<Age updatedAt={start - 86_400_000} />)).toBe("updated just now");
  });

  test("does not run backwards when the server's clock is ahead", () => {
    const { container } = render(<Age updatedAt={start + 60_000} />);
    pass(1);
    expect(container.textContent).toBe("updated just now");
  });

  test("counts down to the next try", () => {
    const { container } = render(<NextTry nextAt={start + 3_000} />);
    expect(container.textContent).toBe("Retrying in 3 s.");
    pass(2);
    expect(container.textContent).toBe("Retrying in 1 s.");
    pass(1);
    expect(container.textContent).toBe("Retrying now.");
  });

  test("leaves no timer behind", () => {
    render(<Age updatedAt={start} />).unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
