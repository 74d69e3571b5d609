/** OpenID Connect against oidc-provider, the certified implementation: what it accepts, a real provider accepts. */
import { oidcControl, oidcFaultyControl } from "../control/identity.ts";
import { customerControl } from "../control/ringside.ts";
import { expect, expectPhase, test } from "../fixtures.ts";
import { stack } from "../stack.ts";

test("there and back, and signing out signs out at the provider as well", async ({ page, person }) => {
  const subject = `staff/${person.subject}?#%2F`;
  await oidcControl.persona({ id: person.id, subject, name: "Barbara L." });
  const enter = async () => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "OpenID Connect" }).click();
  };
  await enter();
  await page.locator(`button[value="${person.id}"]`).click();
  await expectPhase(page, "live");
  await expect(page.getByText("Barbara L.")).toBeVisible();
  expect(await customerControl(`oidc_${subject}`).rows()).toHaveLength(1);

  await page.getByRole("button", { name: "Sign out" }).click();
  // Without an id_token, which is not kept, the provider asks whether it is meant.
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.waitForURL(`${stack.origin}/sign-in`);
  await enter();
  await expect(page.locator(`button[value="${person.id}"]`)).toBeVisible();
});

test("an instance with a name of its own has its own callback, and its own Customer", async ({
  page,
  person,
}) => {
  await oidcFaultyControl.persona({ id: person.id, subject: person.subject, name: "Fay F." });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "faulty" }).click();
  await page.locator(`button[value="${person.id}"]`).click();
  await expectPhase(page, "live");
  await expect(page.getByText("Fay F.")).toBeVisible();
  expect(await customerControl(`oidc-faulty_${person.subject}`).rows()).toHaveLength(1);
  // One sign-out is enough where the provider offers none.
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${stack.origin}/sign-in`);
});

test("its callback is found however a provider spells the colon, and forged answers sign nobody in", async ({
  page,
}) => {
  for (const adapter of ["oidc:faulty", "oidc%3Afaulty"]) {
    await page.goto(`/auth/${adapter}/callback?code=forged&state=forged`);
    await page.waitForURL("**/sign-in?problem=invalid_state");
  }
});
