/** Where the mocks listen, and the environment variables that point an app at them. */

/** Accepted by the mock Ringside alone; its odd shape makes a leak easy to search for. */
export const MOCK_API_KEY = "sk_live_mock_canary_4f1d0c9be27a";

export const MOCK_CLIENT = { clientId: "mock-client", clientSecret: "mock-secret-canary-77c1e2" };

export interface MockPorts {
  ringside: number;
  github: number;
  auth0: number;
  oidc: number;
  oidcFaulty: number;
}

/** Consecutive ports from the first on. */
export const portsFrom = (first: number): MockPorts => ({
  ringside: first,
  github: first + 1,
  auth0: first + 2,
  oidc: first + 3,
  oidcFaulty: first + 4,
});

export const mockUrl = (port: number) => `http://127.0.0.1:${port}`;

/** For tests: a provider that breaks the rules on demand, as `oidc:faulty`. Nobody else wants its button. */
export interface MockOptions {
  faulty?: boolean;
}

/** @param appOrigin where the app is served; the mocks are on another host on purpose: cookies ignore ports */
export function mockEnvironment(
  appOrigin: string,
  ports: MockPorts,
  { faulty = false }: MockOptions = {},
): Record<string, string> {
  return {
    APP_ORIGIN: appOrigin,
    PORT: new URL(appOrigin).port,
    RINGSIDE_API_URL: `${mockUrl(ports.ringside)}/v1`,
    RINGSIDE_API_KEY: MOCK_API_KEY,
    AUTH_ADAPTERS: ["demo", "github", "auth0", "oidc", ...(faulty ? ["oidc:faulty"] : [])].join(","),
    GITHUB_URL: mockUrl(ports.github),
    GITHUB_CLIENT_ID: MOCK_CLIENT.clientId,
    GITHUB_CLIENT_SECRET: MOCK_CLIENT.clientSecret,
    AUTH0_DOMAIN: mockUrl(ports.auth0),
    AUTH0_CLIENT_ID: MOCK_CLIENT.clientId,
    AUTH0_CLIENT_SECRET: MOCK_CLIENT.clientSecret,
    OIDC_LABEL: "OpenID Connect",
    OIDC_ISSUER: mockUrl(ports.oidc),
    OIDC_CLIENT_ID: MOCK_CLIENT.clientId,
    OIDC_CLIENT_SECRET: MOCK_CLIENT.clientSecret,
    ...(faulty && {
      OIDC_FAULTY_ISSUER: mockUrl(ports.oidcFaulty),
      OIDC_FAULTY_CLIENT_ID: MOCK_CLIENT.clientId,
      OIDC_FAULTY_CLIENT_SECRET: MOCK_CLIENT.clientSecret,
    }),
  };
}
