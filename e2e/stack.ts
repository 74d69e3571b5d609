/** The stack under test: the production build on `localhost`, the mocks on `127.0.0.1`, ports of their own. */

import {
  MOCK_API_KEY,
  MOCK_CLIENT,
  mockEnvironment,
  providerAddresses,
  ringsideUrl,
} from "#mocks/environment.ts";
import type { IdentityMock } from "#mocks/identity/parts/mock.ts";

const APP_PORT = Number(process.env["E2E_PORT"] ?? 3100);
const mocked = { appOrigin: `http://localhost:${APP_PORT}`, firstPort: APP_PORT + 1_000, tests: true };
const embedderOrigin = `http://127.0.0.1:${mocked.firstPort + 20}`;
const places = providerAddresses(mocked);

export const stack = {
  origin: mocked.appOrigin,
  ringsideUrl: ringsideUrl(mocked.firstPort),
  /** A page of another site than the app's and Ringside's; Chromium finds every `*.localhost` on this machine. */
  elsewhere: `http://elsewhere.localhost:${mocked.firstPort}/__control/health`,
  /** Another site's page, which may show the embedded dashboard: served by e2e/security/embed.spec.ts. */
  embedderOrigin,
  mocksCommand: `node --import tsx mocks/mocks.cli.ts ${mocked.appOrigin} ${mocked.firstPort}`,
  /** Everything the app writes, so that a test can search it for secrets. */
  appLog: ".cache/e2e/app.log",
  env: {
    ...mockEnvironment(mocked),
    NODE_ENV: "production",
    MOCKS: "demo",
    // Chromium takes Secure cookies on http://localhost, so the cookies tested are those of production.
    COOKIE_SECURE: "1",
    SESSION_SECRET: "session-secret-canary-5b0f7d3a9c1e2f84",
    POLL_INTERVAL_SECONDS: "1",
    EMBED_ORIGINS: embedderOrigin,
  },
  /** Strings that only the server may ever hold. */
  secrets: [MOCK_API_KEY, MOCK_CLIENT.clientSecret, "session-secret-canary-5b0f7d3a9c1e2f84"],
} as const;

/** The mock that people of this adapter sign in at. @throws Error when there is none */
export function placeOf(adapterId: string) {
  const place = places.find(({ mock }) => mock.adapterId === adapterId);
  if (!place) throw new Error(`No file in mocks/identity is the mock of ${adapterId}.`);
  return place;
}

/** `E2E_ADAPTER` sends the whole suite through one adapter; without it one carries the suite, and each has its turn. */
const only = process.env["E2E_ADAPTER"];
export const carrier = only ? placeOf(only).mock : carrierOf(places.map(({ mock }) => mock));
const others = only ? [] : places.map(({ mock }) => mock).filter((mock) => mock !== carrier);
export const adaptersUnderTest = [carrier, ...others];

function carrierOf(mocks: IdentityMock[]): IdentityMock {
  const carrying = mocks.find(({ carriesSuite }) => carriesSuite) ?? mocks[0];
  if (!carrying) throw new Error("There is no mock in mocks/identity to sign in at.");
  return carrying;
}
