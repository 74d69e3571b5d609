/** The people of the demo. `demo_new` (Nova) is missing on purpose: her first visit makes her Customer. */
import type { SeedCustomer } from "./seed.ts";

export type { SeedCustomer } from "./seed.ts";

export const demoCustomers: SeedCustomer[] = [
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
