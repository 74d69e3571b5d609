/** The pages of the mock providers: plain forms, so that they work in every browser, also without scripts. */
import { HttpResponse } from "msw";
import type { Persona } from "./mock.ts";

/** @param title e.g. `Mock GitHub` */
export function choicePage(title: string, clientId: string, personas: readonly Persona[]): Response {
  const buttons = personas.map(
    (persona) =>
      `<button name="persona" value="${html(persona.id)}">Continue as ${html(displayName(persona))} <small>${html(persona.subject)}</small></button>`,
  );
  return page(
    200,
    title,
    `<p><strong>${html(clientId)}</strong> wants to know who you are.</p>
    <form method="post">${buttons.join("\n")}
    <button name="deny" value="1" class="quiet">Cancel</button></form>`,
  );
}

/** A provider never redirects to an address it cannot trust, so it says what is wrong on a page of its own. */
export const refusalPage = (title: string, fault: string): Response =>
  page(400, title, `<p role="alert">This request is refused: ${html(fault)}.</p>`);

/** @param body HTML */
export function page(status: number, title: string, body: string): Response {
  return HttpResponse.html(
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${html(title)}</title>
    <link rel="icon" href="data:,">
    <style>
      :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
      body { max-width: 24rem; margin: 12vh auto; padding: 0 1rem; }
      form { display: grid; gap: .5rem; }
      button { display: flex; justify-content: space-between; padding: .75rem 1rem; font: inherit; text-align: left;
        border: 1px solid color-mix(in srgb, currentcolor 30%, transparent); border-radius: .5rem; cursor: pointer; }
      small { opacity: .7; }
      .quiet { justify-content: center; border-color: transparent; background: none; }
    </style>
  </head>
  <body>
    <h1>${html(title)}</h1>
    ${body}
  </body>
</html>`,
    { status },
  );
}

/** Not every persona has a name. */
const displayName = ({ name, login, id }: Persona) => name ?? login ?? id;

/** Escapes text for HTML, attributes included. */
const html = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
