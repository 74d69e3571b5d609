import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MINIMUM, machine } from "./machine.ts";

it("wants the Node that package.json wants", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(engines.node).toBe(`>=${MINIMUM.join(".")}`);
});

it.each([
  ["20.12.0", "ok"],
  ["24.1.0", "ok"],
  ["20.11.1", "failure"],
  ["18.20.0", "failure"],
])("Node %s: %s", (version, status) => expect(machine(version)[0]?.status).toBe(status));
