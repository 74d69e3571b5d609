import { isMint } from "../control/ringside.ts";
import { expect, expectPhase, test } from "../fixtures.ts";
import { stack } from "../stack.ts";

test("more than sixty mints a minute are refused, with the time to wait, before Ringside is asked", {
  tag: "@MINT-6",
}, async ({ live: page, customer }) => {
  const mint = () =>
    page.request.post("/api/mint-client-token", { headers: { origin: stack.origin }, data: {} });
  const answers = await Promise.all(Array.from({ length: 70 }, mint));
  const refused = answers.filter((answer) => answer.status() === 429);
  expect(refused.length).toBeGreaterThanOrEqual(10);
  for (const answer of refused) {
    expect(await answer.json()).toMatchObject({ status: 429, code: "rate_limited" });
    expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
    expect(Number(answer.headers()["retry-after"])).toBeLessThanOrEqual(60);
  }
  expect((await customer.received()).filter(isMint).length).toBeLessThanOrEqual(60);
  // A page that has a token goes on with it.
  await expectPhase(page, "live");
});
