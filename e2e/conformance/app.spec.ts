/** Rules of the app layer, on the stack under test, with a user who signed in through the adapter under test. */
import { expect, test } from "../fixtures.ts";
import { newPerson, signIn } from "../people.ts";
import { stack } from "../stack.ts";
import { rulesOf } from "./rules/index.ts";
import { REQUEST_RULES, runRules } from "./run/app.ts";
import { AppUnderTest, describeApp } from "./run/app-under-test.ts";
import { AppClient, CookieJar } from "./run/http.ts";
import { Secrets } from "./run/redact.ts";

// One sign-in for all: a rule of this layer changes nothing that another one looks at.
let app: AppUnderTest;
test.beforeAll(async ({ browser, adapter }) => {
  const person = await newPerson(adapter);
  const page = await browser.newPage({ baseURL: stack.origin });
  await signIn(page, person);
  const cookies = await page.context().cookies(stack.origin);
  await page.close();
  const description = describeApp({
    mode: "deployed",
    profile: "full",
    url: stack.origin,
    routes: { signIn: "/sign-in", dashboard: "/dashboard", mint: "POST /api/mint-client-token" },
  });
  app = new AppUnderTest(description, new AppClient(stack.origin), null, null, new Secrets());
  const jar = new CookieJar(cookies.map((cookie) => ({ ...cookie, path: cookie.path })));
  const signedIn = { name: "first", jar, origins: [], again: null };
  const mint = await app.mint(signedIn);
  const dashboard = await app.client.send("GET", "/dashboard", { jar: jar.copy() });
  app.visits.push({
    person: signedIn,
    entries: [],
    externalId: null,
    customer: null,
    dashboard,
    mint,
    spendUsd: null,
  });
});

for (const { id, sentence, needs = [] } of rulesOf("app").filter((rule) => REQUEST_RULES.includes(rule.id)))
  test(`${id} ${sentence}`, { tag: [`@${id}`, ...needs.map((need) => `@${need}`)] }, async () => {
    const { rules, faults } = await runRules(app, [id]);
    expect(faults).toEqual([]);
    expect(rules).toEqual([{ id, result: "passed", detail: "" }]);
  });
