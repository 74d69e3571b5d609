/** What every mock identity provider is made of, and its control API. Each speaks its own dialect on top. */
import { randomBytes } from "node:crypto";
import { HttpResponse, http, type RequestHandler } from "msw";
import { controlBody, FaultBook, healthHandler, ReceivedLog } from "#mocks/control.ts";
import type { Client } from "./client.ts";
import { defaultClient } from "./clients.ts";
import { Codes } from "./codes.ts";
import { type Fault, type FaultName, faultSchema } from "./faults.ts";
import { type Persona, personaSchema } from "./persona.ts";
import { Personas } from "./personas.ts";
import type { Entry } from "./received.ts";

export interface ProviderOptions {
  /** 0 takes a free port. */
  port: number;
  /** Instead of the default client of an app on `appOrigin`. */
  clients?: Client[];
  appOrigin?: string;
  now?: () => number;
  /** How the fault `slow` waits. */
  sleep?: (ms: number) => Promise<void>;
}

export interface Provider {
  clients: readonly Client[];
  personas: Personas;
  codes: Codes;
  log: ReceivedLog<Entry>;
  sleep(ms: number): Promise<void>;
  /** Spends a fault of one of these names that is armed for the persona. */
  fire(persona: string, ...names: FaultName[]): Fault | null;
  /** A new access token for a grant. */
  grantAccess(access: Access): string;
  /** Whose access token the request carries. */
  accessOf(request: Request): (Access & { persona: Persona }) | null;
  control: RequestHandler[];
}

export interface Access {
  personaId: string;
  scope: string;
}

/** @param name as in the callback's path; @param subjects what this provider's subjects look like */
export function createProvider(
  name: string,
  defaults: readonly Persona[],
  subjects: RegExp,
  options: ProviderOptions,
): Provider {
  const { now = Date.now, appOrigin = "http://localhost:3000", sleep = wait } = options;
  const personas = new Personas(defaults);
  const codes = new Codes(now);
  const faults = new FaultBook<Fault>();
  const log = new ReceivedLog<Entry>();
  const tokens = new Map<string, Access>();
  const putSchema = personaSchema.refine(({ subject }) => subjects.test(subject), {
    path: ["subject"],
    error: `is not a subject of ${name}`,
  });

  return {
    clients: options.clients ?? [defaultClient(name, appOrigin)],
    personas,
    codes,
    log,
    sleep,
    fire: (persona, ...names) =>
      faults.fire((fault) => fault.persona === persona && names.includes(fault.fault)),
    grantAccess(access) {
      const token = `mock_${randomBytes(20).toString("hex")}`;
      tokens.set(token, access);
      return token;
    },
    accessOf(request) {
      const token = /^(?:Bearer|token) (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      const access = token ? tokens.get(token) : undefined;
      const persona = access && personas.get(access.personaId);
      return persona ? { ...access, persona } : null;
    },
    control: [
      healthHandler,
      http.post("/__control/personas", async ({ request }) => {
        const persona = await controlBody(request, putSchema);
        personas.put(persona);
        return HttpResponse.json(persona);
      }),
      http.post("/__control/faults", async ({ request }) => {
        const fault = await controlBody(request, faultSchema);
        faults.arm(fault);
        return HttpResponse.json(fault);
      }),
      http.get("/__control/requests", ({ request }) => {
        const since = Number(new URL(request.url).searchParams.get("since") ?? 0);
        return HttpResponse.json({ requests: log.query(since) });
      }),
      http.post("/__control/reset", () => {
        personas.reset();
        faults.disarm();
        log.clear();
        codes.clear();
        tokens.clear();
        return HttpResponse.json({ ok: true });
      }),
    ],
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
