/** The rules of the site layer, on the stack under test, with the session of somebody signed in. */
import { customerControl, isMint } from "../../control/ringside.ts";
import { expect, test } from "../../fixtures.ts";
import { newPerson, signIn } from "../../people.ts";
import { stack } from "../../stack.ts";
import { rulesOf } from "../rules.ts";
import { siteChecks } from "../site/checks.ts";
import { openSite, type Site } from "../site/site.ts";

// One sign-in for all: a rule of this layer changes nothing that another one looks at.
let site: Site;
test.beforeAll(async ({ browser, adapter }) => {
  const person = await newPerson(adapter);
  const page = await browser.newPage({ baseURL: stack.origin });
  await signIn(page, person);
  const cookies = await page.context().cookies(stack.origin);
  await page.close();
  const customer = customerControl(person.externalId);
  site = await openSite(stack.origin, {
    session: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
    secrets: stack.secrets,
    mints: async () => (await customer.received()).filter(isMint).map(({ body }) => body ?? {}),
  });
});

for (const { id, sentence, needs } of rulesOf("site"))
  test(`${id} ${sentence}`, { tag: needs.map((capability) => `@${capability}`) }, async () => {
    const found = siteChecks(site).find((entry) => entry.id === id);
    expect(found?.notApplicable).toBeNull();
    await found?.check(site);
  });
