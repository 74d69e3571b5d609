/**
 * What stands around the app in a test of this folder: production's variables, and a log that is searched. To be
 * imported before anything of the app's.
 */
import { vi } from "vitest";

export const ORIGIN = "http://localhost:3000";

const SECRETS = {
  RINGSIDE_API_KEY: "sk_live_fuzz_canary_7a1e",
  SESSION_SECRET: "session-secret-fuzz-canary-0c95d2be61",
  GITHUB_CLIENT_SECRET: "github-secret-fuzz-canary-44b8",
};
export const { RINGSIDE_API_KEY } = SECRETS;

/** Whether something of it is a string that no answer and no log line may hold. */
export const holdsSecret = (seen: string) => Object.values(SECRETS).some((secret) => seen.includes(secret));

/** How many lines were logged, and those that hold a secret. */
export const logged = { lines: 0, leaks: [] as string[] };

Object.assign(process.env, SECRETS, {
  NODE_ENV: "production",
  // People without a provider; it changes nothing of what is tested here.
  MOCKS: "demo",
  APP_ORIGIN: ORIGIN,
  TRUST_PROXY: "1",
  RINGSIDE_API_URL: "http://127.0.0.1:1/v1",
  AUTH_ADAPTERS: "demo,github",
  GITHUB_CLIENT_ID: "client",
  // Failed callbacks are limited like sign-ins; the inputs are to reach what lies behind the limit.
  SIGN_INS_PER_MINUTE: "100000",
});

const destination = {
  write(line: string) {
    logged.lines += 1;
    if (holdsSecret(line)) logged.leaks.push(line);
  },
};

vi.mock("#app/server/log.server.ts", async (load) => {
  const module = await load<typeof import("#app/server/log.server.ts")>();
  return { ...module, log: module.createLog(process.env, destination) };
});
