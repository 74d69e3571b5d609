/** The rules of the site layer, on the stack under test, with the session of somebody signed in. */
import { expect, test } from "../../fixtures.ts";
import { stack } from "../../stack.ts";
import { rulesOf } from "../rules.ts";
import { siteChecks } from "../site/checks.ts";
import { openSite } from "../site/site.ts";

const checks = new Map(siteChecks({ adapterId: "any" }).map(({ id, check }) => [id, check]));

for (const { id, sentence } of rulesOf("site"))
  test(`${id} ${sentence}`, async ({ live: page }) => {
    const cookies = await page.context().cookies(stack.origin);
    const session = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const site = await openSite(stack.origin, { session, secrets: stack.secrets });
    expect(site.adapterId).not.toBeNull();
    await checks.get(id)?.(site);
  });
