/** What every test gets: a person of its own, so that tests run side by side, and a page that must not complain. */
import { test as base, expect, type Page } from "@playwright/test";
import { type CustomerControl, customerControl } from "./control/ringside.ts";
import { newPerson, type Person, signIn } from "./people.ts";
import { carrier } from "./stack.ts";

export { hydrated, newPerson, signIn } from "./people.ts";
export { expect };

interface Options {
  /** Through which adapter people sign in. */
  adapter: string;
}

interface Fixtures {
  /** A new user that Ringside does not know yet. */
  person: Person;
  /** Control over that person's Customer. */
  customer: CustomerControl;
  /** A page where that person is signed in, live, with a past of 90 days and no traffic but the test's own. */
  live: Page;
}

export const test = base.extend<Options & Fixtures>({
  adapter: [carrier.adapterId, { option: true }],

  page: async ({ page }, use) => {
    const complaints = complaintsOf(page);
    await use(page);
    expect(complaints, "the browser console").toEqual([]);
  },

  person: async ({ adapter }, use) => use(await newPerson(adapter)),

  customer: async ({ person }, use) => {
    // Most people are in one test alone; the demo's are in many.
    const before = (await customerControl(person.externalId).received()).at(-1)?.seq ?? 0;
    const customer = customerControl(person.externalId, before);
    await use(customer);
    await customer.clearFaults();
  },

  live: async ({ page, person, customer }, use) => {
    await customer.seed({ name: person.name, history: "steady", budget_usd: 500 });
    await signIn(page, person);
    await expectPhase(page, "live");
    await use(page);
  },
});

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
