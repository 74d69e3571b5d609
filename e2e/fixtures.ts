/** What every test gets: a person of its own, so that tests run side by side, and a page that must not complain. */
import { randomInt } from "node:crypto";
import { test as base, expect, type Page } from "@playwright/test";
import { githubControl } from "./control/identity.ts";
import { type CustomerControl, customerControl } from "./control/ringside.ts";
import { stack } from "./stack.ts";

export { expect };

export interface Person {
  /** The handle on the provider's page. */
  id: string;
  /** GitHub's numeric id. */
  subject: string;
  name: string;
  externalId: string;
}

interface Fixtures {
  /** Somebody new at GitHub whom Ringside does not know yet. */
  person: Person;
  /** Control over that person's Customer. */
  customer: CustomerControl;
  /** A page where that person is signed in, live, with a past of 90 days and no traffic but the test's own. */
  live: Page;
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const complaints = complaintsOf(page);
    await use(page);
    expect(complaints, "the browser console").toEqual([]);
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  person: async ({}, use) => use(await newPerson()),

  customer: async ({ person }, use) => use(customerControl(person.externalId)),

  live: async ({ page, person, customer }, use) => {
    await customer.seed({ name: person.name, history: "steady", budget_usd: 500 });
    await signIn(page, person);
    await expectPhase(page, "live");
    await use(page);
  },
});

export async function newPerson(overrides: { name?: string | null } = {}): Promise<Person> {
  const subject = String(randomInt(10_000_000, 2 ** 40));
  const person = { id: `p${subject}`, subject, name: `Person ${subject}` };
  await githubControl.persona({ ...person, login: `login-${subject}`, ...overrides });
  return { ...person, externalId: `github_${new URL(stack.githubUrl).host}_${subject}` };
}

/** Signs in through GitHub as a person does: by pressing buttons. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "GitHub" }).click();
  await page.locator(`button[value="${person.id}"]`).click();
  await page.waitForURL("**/dashboard");
  await hydrated(page);
}

/** React has taken over: clicks before that reach plain HTML. */
export const hydrated = (page: Page) => page.locator("html[data-hydrated]").waitFor();

/** The state of the live loop, as the status line carries it. */
export const phaseOf = (page: Page) => page.locator("[data-phase]");
export const expectPhase = (page: Page, phase: string, options?: { timeout: number }) =>
  expect(phaseOf(page)).toHaveAttribute("data-phase", phase, options);

/** A figure's text, e.g. `$12.34`. */
export const figure = (page: Page, name: "spend" | "requests") => page.locator(`[data-figure="${name}"]`);

/** Errors, warnings and exceptions of a page, but for the network failures that the browser itself reports. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (/Failed to load resource|net::ERR_|CORS policy/.test(message.text())) return;
    complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}
