/**
 * The demo adapter is its own provider, so there is nothing to start: these are its people as tests know them, and
 * their past. `demo_new` (Nova) has none on purpose: her first visit makes her Customer.
 */
import type { SeedCustomer } from "#mocks/ringside/seed.ts";
import type { IdentityMock } from "./parts/mock.ts";

const OWN = "the adapter is its own provider, inside the app";
const FIXED = "its personas are fixed";

export const mock: IdentityMock = {
  adapterId: "demo",
  // Not Ada: what she is seeded with is the first thing that a newcomer sees, and a test looks at it.
  people: [
    { id: "grace", subject: "grace", name: "Grace Hopper" },
    { id: "alan", subject: "alan", name: "Alan Turing" },
  ],
  env: () => ({}),
  issuer: (url) => url,
  subject: String,
  lacks: {
    proxy_authenticated: "people press the button of a persona",
    provider: OWN,
    pkce: OWN,
    nonce: OWN,
    iss: OWN,
    iss_always: OWN,
    id_token: OWN,
    end_session: OWN,
    people: FIXED,
    email: FIXED,
  },
  confusableSubjects: ["ada", "Ada", "ada_", "adam"],
  customers: () => customers,
};

const customers: SeedCustomer[] = [
  {
    external_id: "demo_ada",
    name: "Ada Lovelace",
    history: "steady",
    budgets: [{ label: "Monthly budget", period: "month", used: 0.7 }],
    traffic: true,
  },
  {
    external_id: "demo_grace",
    name: "Grace Hopper",
    history: "spiky",
    budgets: [{ label: "Monthly budget", period: "month", used: 0.87 }],
    wallet_balance_usd: 18.4,
    traffic: true,
  },
  {
    external_id: "demo_alan",
    name: "Alan Turing",
    history: "huge",
    budgets: [
      { label: "Company cap", period: "month", used: 0.58 },
      { label: "Research agents", period: "month", used: 1.12 },
      { label: "Daily ceiling", period: "day", used: 0.4 },
    ],
    traffic: true,
  },
  { external_id: "demo_mary", name: "Mary Somerville", history: "tiny", traffic: true },
];
