import { expect, it } from "vitest";
import { skewOf } from "./clock.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const at = (date: string | null, sentAt: number, receivedAt = sentAt) =>
  skewOf({ headers: new Headers(date === null ? {} : { date }), sentAt, receivedAt });

it("measures from the middle of the request, a Date being cut to the second", () => {
  const date = new Date(NOON).toUTCString();
  expect(at(date, NOON, NOON + 1_000)).toBe(0);
  expect(at(date, NOON - 600_000, NOON - 599_000)).toBe(600_000);
  expect(at(date, NOON + 45_500)).toBe(-45_000);
});

it.each([null, "yesterday"])("cannot measure by %j", (date) => expect(at(date, NOON)).toBeNull());
