/**
 * Personas instead of people, so that the dashboard can be seen without an account anywhere. It is its own
 * provider and answers at once; everything else is as with a real one. It signs any user in as any other, which is
 * why the app refuses it in production.
 */
import { randomBytes } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import * as z from "zod";
import { AdapterError, type Choice, defineAdapter } from "./adapter.ts";

const personas = [
  { id: "ada", label: "Ada Lovelace", hint: "steady use, budget in sight" },
  { id: "grace", label: "Grace Hopper", hint: "close to her budget" },
  { id: "alan", label: "Alan Turing", hint: "over budget" },
  { id: "mary", label: "Mary Somerville", hint: "fractions of a cent" },
  { id: "new", label: "Nova Novak", hint: "first visit, nothing spent" },
] satisfies Choice[];

const personaOf = (id: string | null | undefined) => personas.find((persona) => persona.id === id);

const COOKIE = "demo";
const random = () => randomBytes(32).toString("base64url");

export const demo = defineAdapter({
  id: "demo",
  label: "a demo persona",
  unguarded: true,
  env: z.object({}),
  connect: (_env, { origin, callbackUrl }) => ({
    kind: "redirect",
    issuers: [origin.origin],
    origins: [origin.origin],
    choices: personas,

    async start(request) {
      const persona = personaOf(new URL(request.url).searchParams.get("choice"));
      if (!persona) throw new AdapterError("invalid_response", "no such persona");
      const [state, code] = [random(), random()];
      const url = new URL(callbackUrl);
      url.search = new URLSearchParams({ code, state }).toString();
      const cookie = stringifySetCookie(COOKIE, [persona.id, state, code].join("."), {
        httpOnly: true,
        path: "/",
      });
      return new Response(null, { status: 302, headers: { location: url.href, "set-cookie": cookie } });
    },

    async finish(request) {
      const query = new URL(request.url).searchParams;
      const cookie = parseCookie(request.headers.get("cookie") ?? "")[COOKIE] ?? "";
      const [id, state, code] = cookie.split(".");
      const persona = personaOf(id);
      if (!persona || query.get("state") !== state)
        throw new AdapterError("invalid_state", "the callback does not belong to this attempt");
      if (query.get("code") !== code) throw new AdapterError("invalid_response", "the code is not ours");
      return { issuer: origin.origin, subject: persona.id, name: persona.label };
    },
  }),
  externalId: ({ subject }) => `demo_${subject}`,
  issuers: (_env, { origin }) => [origin],
});
