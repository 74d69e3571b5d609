import { randomInt } from "node:crypto";
import { jwtAdapter } from "#adapters/jwt.ts";
import { startJwks } from "#mocks/identity/jwks.ts";
import { control } from "../../control/http.ts";
import type { Harness, Person, ProofFault } from "../harness.ts";

const STAYS = "nobody leaves: the proof is on the request";
const YEAR_SECONDS = 31_536_000;

/** How the mock is asked for each way to be wrong. */
const asked = (fault: ProofFault | undefined): { fault?: string; claims?: object } => {
  switch (fault) {
    case "unsigned":
      return { fault: "alg_none" };
    case "public_key_as_secret":
      return { fault: "hmac_with_public_key" };
    case "foreign_key":
      return { fault: "foreign_key" };
    case "changed":
      return { fault: "tampered" };
    case "expired":
      return { claims: { exp: Math.floor(Date.now() / 1_000) - YEAR_SECONDS } };
    case "never_expires":
      return { claims: { exp: null } };
    case "other_audience":
      return { claims: { aud: "another-app" } };
    case "other_issuer":
      return { claims: { iss: "https://evil.example" } };
    default:
      return {};
  }
};

export const jwtHarness: Harness = {
  adapter: jwtAdapter(null),
  lacks: {
    redirect: STAYS,
    provider: STAYS,
    pkce: STAYS,
    nonce: STAYS,
    iss: STAYS,
    id_token: STAYS,
    end_session: "signing out is a page of the proxy, named by the operator",
  },
  lookAlikes: ["user-1", "User-1", "user-1 ", "user-11", `${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
  async start({ clientId }) {
    const { url, jwksUrl, close } = await startJwks({ port: 0, audience: clientId });
    const people = new Map<string, Person>();
    const keep = (person: Person) => {
      people.set(person.id, person);
      return Promise.resolve(person);
    };
    return {
      env: { JWT_ISSUER: url, JWT_AUDIENCE: clientId, JWT_JWKS_URL: jwksUrl, JWT_HEADER: "x-proof" },
      issuer: url,
      person(details = {}) {
        const id = `p${randomInt(10_000_000, 2 ** 40)}`;
        const email = `mail-${id}@example.com`;
        return keep({
          id,
          subject: `user-${id}`,
          name: `Person ${id}`,
          email,
          email_verified: true,
          ...details,
        });
      },
      change: (person, details) => keep({ ...person, ...details }),
      enter: () => Promise.reject(new Error(STAYS)),
      async prove({ id }, fault) {
        const { subject, login, name, email, email_verified = false } = people.get(id) ?? { subject: id };
        const shown = {
          ...(login && { preferred_username: login }),
          ...(name && { name }),
          ...(email && { email, email_verified }),
        };
        const wrong = asked(fault);
        const { jwt } = await control<{ jwt: string }>(url, "POST", "/sign", {
          ...(wrong.fault && { fault: wrong.fault }),
          claims: { sub: subject, ...shown, ...wrong.claims },
        });
        return { "x-proof": jwt };
      },
      fault: () => Promise.reject(new Error("This mock's faults are its keys'.")),
      received: () => Promise.resolve([]),
      close,
    };
  },
};
