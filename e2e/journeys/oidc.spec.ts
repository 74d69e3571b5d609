import { test } from "../fixtures.ts";

test("a callback is found however a provider spells the colon, and forged callbacks sign no user in", async ({
  page,
}) => {
  for (const adapter of ["oidc:faulty", "oidc%3Afaulty"]) {
    await page.goto(`/auth/${adapter}/callback?code=forged&state=forged`);
    await page.waitForURL("**/sign-in?problem=invalid_state");
  }
});
