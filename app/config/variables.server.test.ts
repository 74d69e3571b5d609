import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { variables } from "./variables.server.ts";

const example = readFileSync(".env.example", "utf8").split("\n");

it.each(Object.values(variables))(
  ".env.example has the line of $name, with its default where it has one",
  ({ name, unset }) => {
    const [, value] = example.find((line) => line.startsWith(`${name}=`))?.split(/=(.*)/s) ?? [];
    const fallback = /^`(.*)`$/.exec(unset)?.[1];
    // Two hold an example, as the app does not start without them; MOCKS is empty, since `off` is no value of it.
    const expected = { APP_ORIGIN: "https://usage.example.com", AUTH_ADAPTERS: "github", MOCKS: "" }[name];
    expect(value).toBe(expected ?? fallback ?? "");
  },
);
