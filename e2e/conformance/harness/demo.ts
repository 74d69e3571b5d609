import { demo } from "#adapters/demo.ts";
import type { Harness, Person } from "../harness.ts";

const OWN = "the adapter is its own provider, inside the app";
const FIXED = "its personas are fixed";

/** Not Ada: what she is seeded with is the first thing that a newcomer sees, and a test looks at it. */
export const demoPeople: readonly Person[] = [
  { id: "grace", subject: "grace", name: "Grace Hopper" },
  { id: "alan", subject: "alan", name: "Alan Turing" },
];

export const demoHarness: Harness = {
  adapter: demo,
  lacks: {
    ambient: "people press the button of a persona",
    provider: OWN,
    pkce: OWN,
    nonce: OWN,
    iss: OWN,
    id_token: OWN,
    end_session: OWN,
    people: FIXED,
    email: FIXED,
  },
  startPath: ({ id }) => `/auth/demo?choice=${id}`,
  lookAlikes: ["ada", "Ada", "ada_", "adam"],
  async start({ callbackUrl }) {
    let next = 0;
    const fixed = (): Promise<never> => Promise.reject(new Error(FIXED));
    return {
      env: {},
      issuer: callbackUrl.origin,
      async person() {
        const person = demoPeople[next % demoPeople.length];
        next += 1;
        return person ?? fixed();
      },
      change: fixed,
      enter: (url) => Promise.resolve(url),
      prove: fixed,
      fault: fixed,
      received: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
  },
};
