/** People of any adapter, and what they do to sign in and out: press buttons, at the app and at the mock provider. */
import { randomInt } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { registry } from "#adapters/registry.ts";
import type { Persona } from "#mocks/identity/parts/mock.ts";
import type { Entry } from "#mocks/identity/parts/provider.ts";
import { control } from "./control/http.ts";
import { placeOf, stack } from "./stack.ts";

export interface Person {
  adapterId: string;
  /** The handle on the provider's page. */
  id: string;
  subject: string;
  name: string;
  externalId: string;
}

export type Details = Omit<Partial<Persona>, "id">;

/** A new user that Ringside does not know yet; where people are fixed, the next one. */
export async function newPerson(adapterId: string, details: Details = {}): Promise<Person> {
  const { mock, url } = placeOf(adapterId);
  if (mock.people) return personOf(adapterId, mock.issuer(url), nextOf(mock.people));
  const unique = randomInt(10_000_000, 2 ** 40);
  const persona: Persona = {
    id: `p${unique}`,
    subject: mock.subject(unique),
    login: `login-${unique}`,
    name: `Person ${unique}`,
    ...details,
  };
  await tell(adapterId, persona);
  return personOf(adapterId, mock.issuer(url), persona);
}

/** The same person under other names. Only with the capability `people`. */
export async function change(person: Person, details: Omit<Details, "subject">): Promise<void> {
  await tell(person.adapterId, { id: person.id, subject: person.subject, name: person.name, ...details });
}

/** What the provider does wrong to this person next. Only with the capability `provider`. */
export const arm = (person: Person, fault: string) =>
  control(placeOf(person.adapterId).url, "POST", "/faults", { persona: person.id, fault });

/** All that the provider has received, oldest first. Only with the capability `provider`. */
export const receivedBy = async (adapterId: string): Promise<Entry[]> =>
  (await control<{ requests: Entry[] }>(placeOf(adapterId).url, "GET", "/requests?since=0")).requests;

/** From any page to the dashboard, signed in. */
export async function signIn(page: Page, person: Person): Promise<void> {
  const { adapterId } = person;
  if (placeOf(adapterId).mock.lacks.redirect) {
    await page.context().addCookies([await proofOf(person)]);
    await page.goto("/dashboard");
  } else {
    await page.goto("/sign-in");
    await enter(page, person);
    await page.waitForURL("**/dashboard");
  }
  await hydrated(page);
}

/** On the sign-in page: leaves for the provider, and there chooses the person. */
export async function enter(page: Page, { adapterId, id }: Person): Promise<void> {
  const form = page.locator(`form[action="/auth/${adapterId}"]`);
  if (placeOf(adapterId).mock.people) return form.locator(`button[value="${id}"]`).click();
  await form.getByRole("button").click();
  await page.locator(`button[value="${id}"]`).click();
}

/** As `enter`, in a window that closes when the user is signed in: at once where the provider remembers them. */
export async function enterInWindow(page: Page, person: Person): Promise<void> {
  const closed = page.waitForEvent("close");
  await enter(page, person).catch((error) => {
    if (!page.isClosed()) throw error;
  });
  await closed;
}

/** Signs out, at the provider too; one that was sent no id_token as a hint may ask whether it is meant. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  const confirm = page.getByRole("button", { name: "Yes, sign me out" });
  const signedOut = page.locator('form[action^="/auth/"]');
  await expect(confirm.or(signedOut).first()).toBeVisible();
  if (await confirm.isVisible()) await confirm.click();
  await page.waitForURL("**/sign-in");
}

/** React has taken over: clicks before that reach plain HTML. */
export const hydrated = (page: Page) => page.locator("html[data-hydrated]").waitFor();

function personOf(adapterId: string, issuer: string, { id, subject, name }: Persona): Person {
  const externalId = registry.find(adapterId)?.externalId({ issuer, subject }) ?? "";
  return { adapterId, id, subject, name: name ?? id, externalId };
}

let next = 0;
function nextOf(people: readonly Persona[]): Persona {
  const persona = people[next++ % people.length];
  if (!persona) throw new Error("this adapter has no user to sign in");
  return persona;
}

/** A token on the request needs no provider: there is none to tell. */
const told = new Map<string, Persona>();

async function tell(adapterId: string, persona: Persona): Promise<void> {
  told.set(persona.id, persona);
  const { mock, url } = placeOf(adapterId);
  if (!mock.lacks.redirect) await control(url, "POST", "/personas", persona);
}

async function proofOf({ adapterId, id, subject }: Person) {
  const { mock, url } = placeOf(adapterId);
  const cookie = await mock.tokenCookie?.(url, told.get(id) ?? { id, subject });
  if (!cookie) throw new Error(`${adapterId} neither sends people away nor proves who they are.`);
  return { ...cookie, url: stack.origin, httpOnly: true, sameSite: "Lax" as const };
}
