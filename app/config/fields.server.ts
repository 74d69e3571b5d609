/** The kinds of value an environment variable can hold, and how their faults are told. */
import { isIP } from "node:net";
import { z } from "zod";
import { isHttpsOrLoopback } from "#adapters/web-url.ts";

export interface ConfigFault {
  variable: string;
  /** A clause after the name. */
  problem: string;
}

/** All faults of a configuration at once; `message` is the text for the operator, without any value. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];
  /** @param warnings told beside the faults: a misspelt name is often why another one is missing */
  constructor(faults: readonly ConfigFault[], warnings: readonly ConfigFault[] = []) {
    const lines = (all: readonly ConfigFault[]) =>
      all.map(({ variable, problem }) => `  ${variable} ${problem}`);
    const also = warnings.length > 0 ? ["Also:", ...lines(warnings)] : [];
    super(
      [
        "The configuration has faults:",
        ...lines(faults),
        ...also,
        "Every variable is explained in .env.example.",
      ].join("\n"),
    );
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** One fault per variable of a zod error; zod's own messages never quote the value of a string. */
export function faultsOf(error: z.ZodError): ConfigFault[] {
  return error.issues.map((issue) => ({
    // The first part: what follows it is a place inside the value.
    variable: String(issue.path[0] ?? "environment"),
    problem: issue.message,
  }));
}

/** Null when the variable is unset. */
export const optional = <Field extends z.ZodType>(field: Field) =>
  field.optional().transform((value): z.output<Field> | null => value ?? null);

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

/** An IP address, without the brackets that it has in a URL, or a host name. A name that looks like part of an address is a slip. */
export const host = z
  .string()
  .transform((value) => value.replace(/^\[(.*)\]$/, "$1"))
  .refine((value) => isIP(value) > 0 || (HOST_NAME.test(value) && !/(^|\.)\d+$/.test(value)), {
    error: "must be an address of this machine without a port, e.g. 127.0.0.1, ::1 or 0.0.0.0",
  });

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;

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
    .refine(
      (value) => value.pathname === "/" && !value.search && !value.hash && !value.username && !value.password,
      {
        error: "must be an origin without a path, e.g. https://usage.example.com",
      },
    );

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
      error: "must name each origin: a pattern lets in any site whose name fits",
    })
    .transform((urls) => [...new Set(urls.map(({ origin }) => origin))]);
