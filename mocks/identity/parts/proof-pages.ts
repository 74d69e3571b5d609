/** The pages of a proxy where people get a JWT for all their requests, and give it up. */
import { HttpResponse, http, type RequestHandler } from "msw";
import { choicePage, refusalPage } from "./page.ts";
import type { Persona } from "./persona.ts";

interface Options {
  /** The name of the cookie that carries the JWT. */
  cookie: string;
  audience: string;
  appOrigin: string;
  sign(claims: object, seconds: number): string;
}

const TITLE = "Mock proxy";
// As long as anybody looks at a demo: nobody renews it here, as a real proxy would.
const LIFETIME_SECONDS = 28_800;

const personas: Persona[] = [
  { id: "ada", subject: "user-ada", name: "Ada Lovelace" },
  { id: "nova", subject: "user-nova", name: "Nova Novak" },
];

export function proofPages({ cookie, audience, appOrigin, sign }: Options): RequestHandler[] {
  const leave = (path: string, value: string, seconds: number) =>
    new HttpResponse(null, {
      status: 303,
      headers: {
        location: `${appOrigin}${path}`,
        "set-cookie": `${cookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`,
      },
    });
  return [
    http.get("/sign-in", () => choicePage(TITLE, audience, personas)),
    http.post("/sign-in", async ({ request }) => {
      const form = new URLSearchParams(await request.text());
      if (form.has("deny")) return leave("/sign-in", "", 0);
      const persona = personas.find(({ id }) => id === form.get("persona"));
      if (!persona) return refusalPage(TITLE, "nobody of that name is here");
      const { subject: sub, name } = persona;
      return leave("/dashboard", sign({ sub, name }, LIFETIME_SECONDS), LIFETIME_SECONDS);
    }),
    // Another site's page may send people here: no more comes of it than that they have to sign in again.
    http.get("/sign-out", () => leave("/sign-in", "", 0)),
  ];
}
