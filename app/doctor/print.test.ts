import { expect, it } from "vitest";
import type { Line } from "./doctor.ts";
import { jsonReport, printReport } from "./print.ts";

const well: Line = {
  check: "key",
  status: "ok",
  variables: [],
  found: "Ringside accepts the key",
  todo: null,
};
const ill: Line = {
  check: "adapters",
  status: "failure",
  variables: ["A_CLIENT_ID", "A_CLIENT_SECRET"],
  found: "are not accepted",
  todo: "copy both again",
};

it("begins a sentence with the variables, and puts what to do below it", () => {
  expect(printReport([well, ill], { colours: false })).toBe(
    [
      "ok       key       Ringside accepts the key",
      "failure  adapters  A_CLIENT_ID, A_CLIENT_SECRET are not accepted",
      "                   → copy both again",
      "",
      "ok: 1, warnings: 0, failures: 1",
      "",
    ].join("\n"),
  );
});

it("paints the status alone", () => {
  expect(printReport([well], { colours: true })).toContain("\x1b[32mok     \x1b[0m  key");
});

it("lets nobody else move the cursor", () => {
  const text = printReport([{ ...well, found: "at \x1b[2J\r\nhome" }], { colours: false });
  expect(text.split("\n")[0]).toBe("ok       key  at  [2J  home");
});

it("tells programs whether all is well", () => {
  expect(JSON.parse(jsonReport([well]))).toEqual({
    ok: true,
    summary: { ok: 1, warnings: 0, failures: 0 },
    findings: [well],
  });
  expect(JSON.parse(jsonReport([well, ill]))).toMatchObject({ ok: false, summary: { failures: 1 } });
});
