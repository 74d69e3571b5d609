/** The stack under test: the production build on `localhost`, the mocks on `127.0.0.1`, ports of their own. */
import { MOCK_API_KEY, MOCK_CLIENT, mockEnvironment, mockUrl, portsFrom } from "#mocks/environment.ts";

const APP_PORT = Number(process.env["E2E_PORT"] ?? 3100);
const FIRST_MOCK_PORT = APP_PORT + 1_000;
const ports = portsFrom(FIRST_MOCK_PORT);

export const stack = {
  origin: `http://localhost:${APP_PORT}`,
  ringsideUrl: mockUrl(ports.ringside),
  githubUrl: mockUrl(ports.github),
  auth0Url: mockUrl(ports.auth0),
  oidcUrl: mockUrl(ports.oidc),
  oidcFaultyUrl: mockUrl(ports.oidcFaulty),
  mocksCommand: `node --import tsx mocks/mocks.cli.ts http://localhost:${APP_PORT} ${FIRST_MOCK_PORT}`,
  /** Everything the app writes, so that a test can search it for secrets. */
  appLog: ".cache/e2e/app.log",
  env: {
    ...mockEnvironment(`http://localhost:${APP_PORT}`, ports, { faulty: true }),
    NODE_ENV: "production",
    MOCKS: "demo",
    // Chromium takes Secure cookies on http://localhost, so the cookies tested are those of production.
    COOKIE_SECURE: "1",
    SESSION_SECRET: "session-secret-canary-5b0f7d3a9c1e2f84",
    POLL_INTERVAL_SECONDS: "1",
  },
  /** Strings that only the server may ever hold. */
  secrets: [MOCK_API_KEY, MOCK_CLIENT.clientSecret, "session-secret-canary-5b0f7d3a9c1e2f84"],
} as const;
