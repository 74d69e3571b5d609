/**
 * A provider that checks nothing and remembers everything. A strict one refuses what a broken adapter asks, and
 * then every rule fails; with this one only the rule that looks at what was asked does.
 */
import { createHash, randomBytes, randomInt } from "node:crypto";
import { HttpResponse, http } from "msw";
import type { Entry } from "#mocks/identity/parts/provider.ts";
import { serve } from "#mocks/serve.ts";
import type { Harness, Person } from "../run/harness.ts";

interface Grant {
  person: Person;
  challenge: string | null;
}

const digest = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");

export const startLenient: Harness["start"] = async ({ clientId, clientSecret }) => {
  const received: Entry[] = [];
  const people = new Map<string, Person>();
  const grants = new Map<string, Grant>();
  const faults = new Map<string, string>();
  const keep = async (person: Person) => {
    people.set(person.id, person);
    return person;
  };

  const handlers = [
    http.post("/token", async ({ request }) => {
      const form = new URLSearchParams(await request.text());
      const code = form.get("code") ?? "";
      const grant = grants.get(code);
      grants.delete(code);
      const verifier = form.get("code_verifier");
      const fault = faults.get(grant?.person.id ?? "");
      faults.delete(grant?.person.id ?? "");
      const pkce = !verifier ? "missing" : digest(verifier) === grant?.challenge ? "matched" : "mismatched";
      received.push({
        endpoint: "token",
        grant_type: form.get("grant_type"),
        client_id: form.get("client_id"),
        client_auth: "post",
        redirect_uri: form.get("redirect_uri"),
        pkce,
        persona: grant?.person.id ?? null,
        error: fault ?? null,
        status: 200,
      });
      if (fault === "token_500") return new HttpResponse("upstream failure", { status: 500 });
      if (fault === "token_redirect")
        return new HttpResponse(null, { status: 302, headers: { location: "/elsewhere" } });
      if (fault || !grant)
        return HttpResponse.json({ error: "bad_code", error_description: "text of the provider" });
      return HttpResponse.json({ access_token: grant.person.id, token_type: "bearer" });
    }),
    http.get("/user", ({ request }) => {
      const id = /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
      const person = people.get(id);
      return person
        ? HttpResponse.json({ ...person, sub: person.subject })
        : new HttpResponse(null, { status: 401 });
    }),
  ];
  const { url, close } = await serve(handlers, { port: 0 });

  return {
    env: { PROVIDER_URL: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret },
    issuer: url,
    person(details = {}) {
      const unique = randomInt(10_000_000, 2 ** 40);
      return keep({
        id: `p${unique}`,
        subject: `user-${unique}`,
        login: `login-${unique}`,
        name: `Person ${unique}`,
        email: `mail-${unique}@example.com`,
        email_verified: true,
        ...details,
      });
    },
    change: (person, details) => keep({ ...person, ...details }),
    async enter(asked, person) {
      const query = Object.fromEntries(asked.searchParams);
      received.push({ endpoint: "authorize", method: "GET", query, persona: person.id, status: 302 });
      const code = randomBytes(16).toString("hex");
      grants.set(code, { person, challenge: query["code_challenge"] ?? null });
      const back = new URL(query["redirect_uri"] ?? "");
      back.search = new URLSearchParams({ code, state: query["state"] ?? "", iss: url }).toString();
      return back;
    },
    tokenHeaders: () => Promise.reject(new Error("This provider puts no token on requests.")),
    fault: async ({ id }, fault) => {
      faults.set(id, fault);
    },
    received: async () => received,
    close,
  };
};
