/** Holds an app to the rules, and reports each of them. */
import type { Rule } from "../rules/define.ts";
import { rulesOf } from "../rules/index.ts";
import { AppUnderTest } from "./app-under-test.ts";
import { type Browser, openBrowser } from "./browser.ts";
import type { Description } from "./description.ts";
import { AppClient } from "./http.ts";
import { NotRun, RuleBroken, SuiteFault } from "./outcome.ts";
import { Secrets } from "./redact.ts";
import { type Ringside, startStagedRingside } from "./ringside.ts";
import { environmentOf, type StartedApp, startApp } from "./start-app.ts";

export interface RuleResult {
  id: string;
  result: "passed" | "failed" | "advice" | "not_run";
  /** Short, and without secrets. For a rule that passed: what the `full` profile would want besides, if anything. */
  detail: string;
}

export interface AppResult {
  rules: RuleResult[];
  /** What went wrong in the suite itself. */
  faults: string[];
}

export interface RunOptions {
  /** Prints what a person has to do or may want to watch. */
  say?: (text: string) => void;
  browser?: Browser | null;
  only?: readonly string[];
}

/** @throws SuiteFault, DescriptionError when nothing could be examined; messages hold no secret */
export async function runApp(description: Description, options: RunOptions = {}): Promise<AppResult> {
  const { say = () => {} } = options;
  checkExpected(description.expectedFailures);
  const secrets = new Secrets();
  const browser = options.browser === undefined ? await openBrowser() : options.browser;
  let ringside: Ringside | null = null;
  let started: StartedApp | null = null;
  let restart: (() => Promise<boolean>) | null = null;
  try {
    if (description.mode === "staged") {
      const handStarted = description.start === undefined;
      ringside = await startStagedRingside({
        port: description.ringsidePort ?? (handStarted ? 4690 : 0),
        fixedKey: handStarted,
      });
      secrets.add(ringside.key);
      secrets.add(...secretsIn(description));
      const values = { ringsideUrl: ringside.url, ringsideKey: ringside.key };
      if (handStarted) {
        const env = environmentOf(description, values);
        const lines = Object.entries({
          RINGSIDE_API_URL: ringside.url,
          RINGSIDE_API_KEY: ringside.key,
          ...env,
        });
        say(
          `Start your app with this environment; the suite waits ${description.startSeconds} s for ${description.url}:`,
        );
        // The one key that is printed: it opens nothing but the mock Ringside on this machine.
        say(lines.map(([name, value]) => `  ${name}=${value}`).join("\n"));
      }
      started = await startApp(description, values);
      restart = async () => {
        if (!started?.ended()) return false;
        started = await startApp(description, values);
        return true;
      };
    }
    const app = new AppUnderTest(description, new AppClient(description.url), ringside, browser, secrets);
    app.restart = restart;
    await app.client.send("GET", description.routes.dashboard).catch((error: Error) => {
      throw new SuiteFault(`${description.url} does not answer: ${error.message}`);
    });
    for (const person of description.people)
      await app.visit(person).catch((error: Error) => {
        throw error instanceof RuleBroken
          ? new SuiteFault(`${person.name} cannot be signed in: ${error.message}`)
          : error;
      });
    return await runRules(app, options.only);
  } catch (error) {
    if (error instanceof Error) error.message = secrets.redact(error.message);
    throw error;
  } finally {
    await started?.stop();
    await ringside?.close();
    if (options.browser === undefined) await browser?.close();
  }
}

const SECRET_NAME = /pass|secret|token|key|otp|code|pin/i;

/** Values of the description that are secrets by their names: an app's output may repeat its environment. */
function secretsIn({ env, people }: Description): string[] {
  const fields = people.flatMap(({ signIn }) =>
    Object.entries({ ...signIn?.form, ...signIn?.json, ...signIn?.headers }),
  );
  return [...Object.entries(env), ...fields].flatMap(([name, value]) =>
    SECRET_NAME.test(name) && typeof value === "string" && !value.startsWith("{") ? [value] : [],
  );
}

/** Every rule of the `app` layer against an app that is up. */
export async function runRules(app: AppUnderTest, only?: readonly string[]): Promise<AppResult> {
  const inOrder = rulesOf("app").filter(({ id }) => !only || only.includes(id));
  const lateLast = [
    ...inOrder.filter(({ app: check }) => !check?.late),
    ...inOrder.filter(({ app: check }) => check?.late),
  ];
  const faults: string[] = [];
  const results = new Map<string, RuleResult>();
  for (const rule of lateLast) {
    await app.ringside?.recover();
    await app.revive();
    const { result, fault } = await judge(rule, app);
    results.set(rule.id, { ...result, detail: app.secrets.redact(result.detail).slice(0, 400) });
    if (fault) faults.push(app.secrets.redact(`${rule.id}: ${fault}`));
  }
  const rules = inOrder.flatMap(({ id }) => results.get(id) ?? []);
  return { rules: weigh(rules, app.description.expectedFailures), faults };
}

async function judge(rule: Rule, app: AppUnderTest): Promise<{ result: RuleResult; fault?: string }> {
  const { id } = rule;
  app.advice = [];
  try {
    await rule.app?.check(app);
    // The rule holds; what a stricter profile would want besides is told with it.
    const detail = app.advice.length > 0 ? `advice: ${[...new Set(app.advice)].join("; ")}` : "";
    return { result: { id, result: "passed", detail } };
  } catch (error) {
    if (error instanceof NotRun) return { result: { id, result: "not_run", detail: error.message } };
    if (error instanceof RuleBroken) {
      const demanded = rule.app?.profile === "tutorial" || app.description.profile === "full";
      return { result: { id, result: demanded ? "failed" : "advice", detail: error.message } };
    }
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    const fault = `the suite failed: ${name}: ${message.split("\n")[0]}`;
    return { result: { id, result: "not_run", detail: fault }, fault };
  }
}

/** @throws SuiteFault before minutes are spent on a description with a typing error */
function checkExpected(expected: readonly string[]): void {
  const known = new Set(rulesOf("app").map(({ id }) => id));
  const unknown = expected.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw new SuiteFault(`expectedFailures names no rule of the suite: ${unknown.join(", ")}`);
}

/** A rule that is expected to fail is shown as advice; one that passes after all fails, so that the list shrinks. */
function weigh(rules: readonly RuleResult[], expected: readonly string[]): RuleResult[] {
  return rules.map((rule) => {
    if (!expected.includes(rule.id)) return rule;
    // What only a stricter profile demands is advice whether it is listed or not.
    if (rule.result === "failed" || rule.result === "advice")
      return { ...rule, result: "advice", detail: `expected to fail: ${rule.detail}` };
    if (rule.result === "not_run") return rule;
    return {
      ...rule,
      result: "failed",
      detail: "it passes, and expectedFailures says that it fails: remove the entry",
    };
  });
}

/** Rules of the app layer that plain requests prove on the stack under test, with whatever adapter it signs in by. */
export const REQUEST_RULES: readonly string[] = [
  "START-1",
  "CB-2",
  "CB-3",
  "CB-7",
  "SES-3",
  "SES-4",
  "MINT-1",
  "MINT-2",
  "MINT-3",
  "MINT-7",
];
