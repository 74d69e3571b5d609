import { customerControl } from "../control/ringside.ts";
import { expect, expectPhase, newPerson, signIn, test } from "../fixtures.ts";

test.use({ adapter: "auth0" });

test("a subject full of URL syntax travels safely and keeps its own Customer", async ({ page, adapter }) => {
  const odd = await newPerson(adapter, { subject: `auth0|a/b?c#d%2F..${Date.now()}` });
  await signIn(page, odd);
  await expectPhase(page, "live");
  const [row] = await customerControl(`auth0_${odd.subject}`).rows();
  expect(row?.external_id).toBe(`auth0_${odd.subject}`);
});
