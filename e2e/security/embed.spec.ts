/** The embedded dashboard in a page of another site: 127.0.0.1 around localhost. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FrameLocator, Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { enterInWindow } from "../people.ts";
import { stack } from "../stack.ts";

// One server on the port that EMBED_ORIGINS names, so one worker.
test.describe.configure({ mode: "default" });

/** A page around one of ours, or several: `/?show=/embed`. */
const embedder = (paths: string[]) =>
  paths.map(
    (path) => `<iframe title="${path}" src="${stack.origin}${path}" width="900" height="700"></iframe>`,
  );

const serve = (port: number) =>
  new Promise<Server>((resolve) => {
    const server = createServer((request, response) => {
      const paths = new URL(request.url ?? "/", stack.embedderOrigin).searchParams.getAll("show");
      response.setHeader("content-type", "text/html").end(embedder(paths).join(""));
    }).listen(port, "127.0.0.1", () => resolve(server));
  });

let allowed: Server;
let refused: Server;
test.beforeAll(async () => {
  allowed = await serve(Number(new URL(stack.embedderOrigin).port));
  refused = await serve(0);
});
test.afterAll(() => {
  for (const server of [allowed, refused]) server.close();
});

const frameIn = (page: Page): FrameLocator => page.frameLocator("iframe");
const phaseIn = (page: Page) => frameIn(page).locator("[data-phase]");

test("signs in by a window, lives on a cookie of its own, and signs out", { tag: "@redirect" }, async ({
  page,
  person,
  customer,
}) => {
  await customer.seed({ name: person.name, history: "steady" });
  await page.goto(`${stack.embedderOrigin}/?show=/embed`);
  const signIn = frameIn(page).getByRole("button", { name: "Sign in" });
  const [popup] = await Promise.all([page.waitForEvent("popup"), signIn.click()]);
  await enterInWindow(popup, person);

  await expect(phaseIn(page)).toHaveAttribute("data-phase", "live");
  const { customer: row } = await customer.ledger();
  const requests = frameIn(page).locator('[data-figure="requests"]');
  await expect(requests).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
  await customer.spend(1.25);
  await expect(requests).toHaveText((row.request_count_mtd + 1).toLocaleString("en-US"));
  // Ringside saw the frame's own origin, not that of the page around it.
  for (const { origin } of await customer.tokens()) expect(origin).toBe(stack.origin);

  const cookies = await page.context().cookies();
  expect(cookies.find(({ name }) => name === "__Host-embed")).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: "None",
    partitionKey: "http://127.0.0.1",
  });
  expect(cookies.find(({ name }) => name === "__Host-session")?.sameSite).toBe("Lax");

  // It is one session: still there after a reload, and over in both places with the frame's sign-out.
  await page.reload();
  await expect(phaseIn(page)).toHaveAttribute("data-phase", "live");
  await frameIn(page).getByRole("button", { name: "Sign out" }).click();
  await expect(signIn).toBeVisible();
  const [again] = await Promise.all([page.waitForEvent("popup"), signIn.click()]);
  await enterInWindow(again, person);
  await expect(phaseIn(page)).toHaveAttribute("data-phase", "live");
});

test("no other origin frames it, and no origin frames any other page", async ({ browser }) => {
  const elsewhere = `http://127.0.0.1:${(refused.address() as AddressInfo).port}`;
  // A page of its own: the refusals are what the browser is to complain of.
  const page = await browser.newPage();
  const refusals: string[] = [];
  page.on("console", (message) => {
    if (/frame-ancestors|X-Frame-Options/.test(message.text())) refusals.push(message.text());
  });
  await page.goto(`${elsewhere}/?show=/embed`);
  await expect.poll(() => refusals.length).toBe(1);
  const others = ["/embed/", "/embed/hand-over", "/sign-in", "/dashboard"];
  await page.goto(`${stack.embedderOrigin}/?${others.map((path) => `show=${path}`).join("&")}`);
  await expect.poll(() => refusals.length).toBe(1 + others.length);
  for (const frame of page.frames().slice(1)) expect(await frame.locator("main").count()).toBe(0);
  await page.close();
});

test("the page around it can neither take over a code nor mint", async ({ request }) => {
  const headers = { origin: stack.embedderOrigin, "sec-fetch-site": "cross-site" };
  for (const path of ["/embed/session", "/api/mint-client-token"]) {
    const answer = await request.post(`${stack.origin}${path}`, { headers, data: { code: "x" } });
    expect(answer.status(), path).toBe(403);
  }
  const ours = { headers: { origin: stack.origin }, data: { code: "not-one-of-ours" } };
  const answer = await request.post(`${stack.origin}/embed/session`, ours);
  expect(answer.status()).toBe(401);
  expect(answer.headers()["set-cookie"]).toBeUndefined();
});
