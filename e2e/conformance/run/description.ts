/** `conformance.json`: what the suite has to know about an app that is not part of this repository. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as z from "zod";

const route = z
  .string()
  .regex(/^\/\S*$/, 'a path, such as "/usage"')
  .describe("A path below `url`.");
const request = z
  .string()
  .regex(/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/, 'a method and a path, such as "POST /api/login"')
  .describe("A method and a path below `url`.");
const strings = z.record(z.string(), z.string());

const person = z.strictObject({
  name: z.string().min(1).describe("How the report names this person."),
  signIn: z
    .strictObject({
      request,
      form: strings.optional().describe("Fields of a form; hidden fields of the sign-in page are added."),
      json: z.record(z.string(), z.unknown()).optional(),
      headers: strings.optional(),
    })
    .optional()
    .describe("One request that signs in. Redirects within the app are followed."),
  state: z.string().optional().describe("A storage state as Playwright saves it."),
  module: z
    .string()
    .optional()
    .describe("A module whose default export signs in: async ({ context, url, name }) => void."),
});

const capabilities = z.strictObject({
  rotation: z
    .array(z.enum(["early", "on-401"]))
    .optional()
    .describe("When the page replaces its token: before it expires, or after a 401."),
  pollSeconds: z.number().min(1).max(60).optional().describe("How often the page reads the Customer's row."),
  tokenSeconds: z.number().min(60).max(3600).optional().describe("The lifetime that the app asks for."),
  figuresInHtml: z.boolean().optional().describe("Whether the server renders figures into the page."),
  chart: z.boolean().optional().describe("Whether the page reads daily usage."),
});

export const descriptionSchema = z.strictObject({
  $schema: z.string().optional(),
  profile: z.enum(["tutorial", "full"]).default("tutorial"),
  mode: z
    .enum(["staged", "deployed"])
    .default("staged")
    .describe("staged: the suite runs a mock Ringside for the app; deployed: the app uses its own."),
  url: z.url({ protocol: /^https?$/ }).describe("Where the app answers."),
  start: z.string().optional().describe("The command that starts the app. Absent: it already runs."),
  startSeconds: z.number().min(1).max(600).default(60).describe("How long the app may take to start."),
  env: strings
    .default({})
    .describe(
      "For `start`. Replaced in values: {ringside.url}, {ringside.origin}, {ringside.key}, {url}, {port}.",
    ),
  routes: z.strictObject({
    signIn: route.optional(),
    dashboard: route,
    mint: request,
    signOut: request.optional(),
  }),
  people: z
    .array(person)
    .refine(
      (people) =>
        people.every(({ signIn, state, module }) => [signIn, state, module].filter(Boolean).length === 1),
      "each person has exactly one of signIn, state and module",
    )
    .default([]),
  capabilities: capabilities.default({}),
  ringside: z
    .url()
    .optional()
    .describe("Deployed: the API base at which the suite tries what a token opens."),
  ringsidePort: z
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe("Staged: the port of the mock Ringside."),
  expectedFailures: z
    .array(z.string())
    .default([])
    .describe("Rules that may fail. One that passes is an error."),
});

export type Description = z.output<typeof descriptionSchema> & { folder: string };
export type PersonDescription = Description["people"][number];

/** The description cannot be used. The message says what to change. */
export class DescriptionError extends Error {}

/** @throws DescriptionError */
export function parseDescription(value: unknown, file: string, folder: string): Description {
  const parsed = descriptionSchema.safeParse(value);
  if (parsed.success) return { ...parsed.data, folder };
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(top)"}: ${issue.message}`);
  throw new DescriptionError(`${file} cannot be used:\n${lines.join("\n")}`);
}

/** @throws DescriptionError */
export function readDescription(file: string): Description {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new DescriptionError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return parseDescription(value, file, dirname(resolve(file)));
}

export const jsonSchema = () => ({
  title: "An app under the Ringside conformance suite",
  ...z.toJSONSchema(descriptionSchema, { io: "input" }),
});

/** What `--init` writes: complete, and to be adapted. */
export const template = {
  $schema: "./conformance.schema.json",
  profile: "tutorial",
  url: "http://localhost:8080",
  start: "npm start",
  env: {
    RINGSIDE_API_URL: "{ringside.url}",
    RINGSIDE_API_KEY: "{ringside.key}",
    APP_ORIGIN: "{url}",
    PORT: "{port}",
  },
  routes: {
    signIn: "/login",
    dashboard: "/usage",
    mint: "POST /api/mint-client-token",
    signOut: "POST /api/logout",
  },
  people: [
    { name: "first", signIn: { request: "POST /api/login", form: { user: "first" } } },
    { name: "second", signIn: { request: "POST /api/login", form: { user: "second" } } },
  ],
  capabilities: {
    rotation: ["early", "on-401"],
    pollSeconds: 5,
    tokenSeconds: 300,
    figuresInHtml: false,
    chart: true,
  },
  expectedFailures: [],
};
