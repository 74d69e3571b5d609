import { type CustomerControl, isMint, isPoll } from "../control/ringside.ts";
import { expect, expectPhase, figure, signIn, test } from "../fixtures.ts";

const lastSeq = async (customer: CustomerControl) => (await customer.received()).at(-1)?.seq ?? 0;

test("401 expiry rotation: exactly one more mint, exactly one retried request, and the page stays live", {
  tag: "@TOK-4",
}, async ({ live: page, customer }) => {
  await page.evaluate(() => {
    const phases: string[] = [];
    Object.assign(window, { phases });
    const line = document.querySelector("[data-phase]");
    if (!line) throw new Error("no status line");
    new MutationObserver(() => phases.push(line.getAttribute("data-phase") ?? "")).observe(line, {
      attributeFilter: ["data-phase"],
    });
  });
  const since = await lastSeq(customer);
  await customer.fault({ fault: "expire_now" });
  await customer.spend(5, 3);
  const { customer: row } = await customer.ledger();
  await expect(figure(page, "requests")).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
  // Two more polls, in which a second rotation would happen.
  await expect.poll(async () => (await customer.received(since)).filter(isPoll).length).toBeGreaterThan(3);

  const received = (await customer.received(since)).filter((request) => isPoll(request) || isMint(request));
  const rejected = received.findIndex(({ status }) => status === 401);
  expect(received.filter(({ status }) => status === 401)).toHaveLength(1);
  expect(received.filter(isMint)).toHaveLength(1);
  // The rejected poll, the mint, and the same request rebuilt with the new token: next to each other.
  const [first, mint, retry] = received.slice(rejected, rejected + 3);
  expect([first?.status, mint && isMint(mint), retry?.status]).toEqual([401, true, 200]);
  expect(retry?.path).toBe(first?.path);
  expect(retry?.token_id).not.toBe(first?.token_id);
  expect(await page.evaluate(() => Reflect.get(window, "phases"))).toEqual([]);
  await expectPhase(page, "live");
});

test("early rotation: renewed before expiry, so that no request is ever refused", { tag: "@TOK-2" }, async ({
  page,
  person,
  customer,
}) => {
  await page.clock.install();
  await customer.seed({ history: "steady" });
  await signIn(page, person);
  await expectPhase(page, "live");
  const since = await lastSeq(customer);

  await page.clock.fastForward("03:50");
  await expect.poll(async () => (await customer.received(since)).filter(isPoll).length).toBeGreaterThan(0);
  expect((await customer.received(since)).filter(isMint)).toEqual([]);

  await page.clock.fastForward("00:15");
  await expect.poll(async () => (await customer.received(since)).filter(isMint).length).toBe(1);
  await page.clock.fastForward(2_000);
  await expect
    .poll(
      async () => new Set((await customer.received(since)).filter(isPoll).map((poll) => poll.token_id)).size,
    )
    .toBe(2);
  expect((await customer.received(since)).map(({ status }) => status)).not.toContain(401);
});

test("a device that slept past expiry is live again with one mint", { tag: "@TOK-10" }, async ({
  page,
  person,
  customer,
}) => {
  await page.clock.install();
  await customer.seed({ history: "steady" });
  await signIn(page, person);
  await expectPhase(page, "live");
  const since = await lastSeq(customer);
  await customer.advanceClock(8 * 3_600_000);
  await page.clock.fastForward("08:00:00");
  await expect.poll(async () => (await customer.received(since)).filter(isMint).length).toBe(1);
  await expectPhase(page, "live");
});

for (const [how, wrongBy] of [
  ["slow", -600_000],
  ["fast", 600_000],
] as const) {
  test(`a local clock ten minutes ${how} causes no extra mint`, { tag: "@TOK-8" }, async ({
    page,
    person,
    customer,
  }) => {
    await page.clock.setSystemTime(Date.now() + wrongBy);
    await customer.seed({ history: "steady" });
    await signIn(page, person);
    await expectPhase(page, "live");
    await expect.poll(async () => (await customer.received()).filter(isPoll).length).toBeGreaterThan(3);
    expect((await customer.received()).filter(isMint)).toHaveLength(1);
  });
}

test("401 on every token: it stops minting and says why", { tag: "@TOK-5" }, async ({
  live: page,
  customer,
}) => {
  const since = await lastSeq(customer);
  await customer.fault({ fault: "unauthorized" });
  await expect(page.locator("[data-phase]")).not.toHaveAttribute("data-phase", "live");
  await expect(page.getByRole("status")).not.toBeEmpty();
  const settled = await lastSeq(customer);
  await page.waitForFunction(
    (until) => performance.now() > until,
    (await page.evaluate(() => performance.now())) + 3_000,
  );
  expect((await customer.received(since)).filter(isMint).length).toBeLessThanOrEqual(2);
  expect((await customer.received(settled)).length).toBeLessThanOrEqual(1);
  await expect(figure(page, "spend")).toBeVisible();
});

test("403 never mints another token; the page says so without naming a variable", { tag: "@TOK-6" }, async ({
  live: page,
  customer,
}) => {
  const since = await lastSeq(customer);
  await customer.fault({ fault: "forbidden" });
  await expectPhase(page, "blocked");
  await expect(page.getByText("Usage can’t be loaded at this address.")).toBeVisible();
  await expect(page.getByText("APP_ORIGIN")).toHaveCount(0);
  expect((await customer.received(since)).filter(isMint)).toEqual([]);
});
