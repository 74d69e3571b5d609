// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import UsageLine from "./line.tsx";
import { scaleFor } from "./scale.ts";
import { daysIn } from "./view.ts";

afterEach(cleanup);

beforeEach(() => {
  // Nothing is laid out here, and Recharts draws nothing into a box without a size.
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 700, 256));
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(700);
});

const daily = [
  { date: "2026-11-22", spendUsd: 1.5, requestCount: 80 },
  { date: "2026-11-23", spendUsd: 9.54, requestCount: 496 },
  { date: "2026-11-24", spendUsd: 1.49, requestCount: 77 },
];

function show(range: "7d" | "30d") {
  const days = daysIn(range, daily, "2026-11-24");
  return render(<UsageLine days={days} metric="spend" scale={scaleFor([9.54], false)} />);
}
const chart = () => screen.getByRole("application", { name: /left and right arrow keys/ });
const press = async (key: string, times = 1) => {
  for (let time = 0; time < times; time++) await act(async () => fireEvent.keyDown(chart(), { key }));
};
const told = (container: HTMLElement) => container.querySelector("[aria-live]")?.textContent;

describe("the line", () => {
  test("is one with the days that are over, and dotted with a hollow point to today", () => {
    const { container } = show("7d");
    const [open, closed] = [...container.querySelectorAll(".recharts-line-curve")];
    const points = (path?: Element) => path?.getAttribute("d")?.match(/[ML]/g)?.length;
    expect(points(closed)).toBe(6);
    expect(points(open)).toBe(2);
    expect(open?.getAttribute("stroke-dasharray")).toBeTruthy();
    expect(closed?.getAttribute("stroke-dasharray")).toBeFalsy();
    expect(container.querySelectorAll('circle[fill="var(--color-surface)"]')).toHaveLength(1);
  });

  test("puts each day in the middle of where its bar was", () => {
    const { container } = show("7d");
    const closed = container.querySelectorAll(".recharts-line-curve")[1];
    expect(closed?.getAttribute("d")).toMatch(/^M50,/);
  });

  test("can be read day by day with the keyboard, and says each day aloud", async () => {
    const { container } = show("7d");
    expect(chart().getAttribute("tabindex")).toBe("0");
    await act(async () => chart().focus());
    await press("ArrowRight", 5);
    expect(told(container)).toBe("Mon, Nov 23$9.54");
    await press("ArrowRight");
    expect(told(container)).toBe("Today so far$1.49");
    await press("ArrowLeft", 2);
    expect(told(container)).toBe("Sun, Nov 22$1.50");
  });
});
