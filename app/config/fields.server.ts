/** The kinds of value an environment variable can hold, and how their faults are told. */
import { z } from "zod";
import { isHttpsOrLoopback } from "#adapters/web-url.ts";

export interface ConfigFault {
  variable: string;
  problem: string;
  /** The adapter the variable belongs to, when it is one's own. */
  adapter?: string;
}

/** All faults of a configuration at once; `message` is the text for the operator, without any value. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(
      ({ variable, problem, adapter }) => `  ${variable} ${problem}${adapter ? ` (adapter ${adapter})` : ""}`,
    );
    super(
      ["The configuration has faults:", ...lines, "Every variable is explained in .env.example."].join("\n"),
    );
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** One fault per variable of a zod error; zod's own messages never quote the value of a string. */
export function faultsOf(error: z.ZodError, adapter?: string): ConfigFault[] {
  return error.issues.map((issue) => ({
    // The first part: what follows it is a place inside the value.
    variable: String(issue.path[0] ?? "environment"),
    problem: issue.message,
    ...(adapter && { adapter }),
  }));
}

/** A whole number in a range. `z.coerce` is not used: it would read "" and "0x10" as numbers. */
export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: `must be a whole number from ${min} to ${max}` })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `must be from ${min} to ${max}` });

export const flag = z
  .enum(["0", "1", "true", "false"], { error: "is 1 or 0" })
  .transform((value) => value === "1" || value === "true");

const url = (meaning: string) =>
  z.string().transform((value, context) => {
    if (URL.canParse(value)) return new URL(value);
    context.addIssue({ code: "custom", message: `must be an address: ${meaning}` });
    return z.NEVER;
  });

/** An https address, or http on loopback; no credentials, no trailing slash. */
export const webUrl = (meaning: string) =>
  url(meaning)
    .refine(isHttpsOrLoopback, {
      error: "must be https (http is for loopback only)",
    })
    .refine((value) => !value.username && !value.password, { error: "must not hold a user or password" })
    .transform((value) => new URL(value.href.replace(/\/+$/, "")));

/** A bare origin: scheme, host and port, nothing after. */
export const originOf = (meaning: string) =>
  url(meaning)
    .refine((value) => value.protocol === "https:" || value.protocol === "http:", {
      error: "must start with https://",
    })
    .refine((value) => value.pathname === "/" && !value.search && !value.hash && !value.username, {
      error: "must be an origin without a path, e.g. https://usage.example.com",
    });

/** Comma-separated origins of other sites, as they stand in a Content-Security-Policy. */
export const originsOf = (meaning: string) =>
  z
    .string()
    .transform((value) => value.split(",").map((each) => each.trim()))
    .pipe(z.array(originOf(meaning)))
    .refine((urls) => urls.every((each) => isHttpsOrLoopback(each)), {
      error: "must be https (http is for loopback only)",
    })
    .refine((urls) => !urls.some(({ hostname }) => hostname.includes("*")), {
      error: "must name each origin: a pattern lets in whoever gets hold of a name that fits",
    })
    .transform((urls) => [...new Set(urls.map(({ origin }) => origin))]);
