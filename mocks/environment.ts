/** Where the mocks listen, and the environment variables that point an app at them. */
import type { IdentityMock } from "./identity/parts/mock.ts";
import { identityMocks } from "./providers.ts";

/** Accepted by the mock Ringside alone; its odd shape makes a leak easy to search for. */
export const MOCK_API_KEY = "sk_live_mock_canary_4f1d0c9be27a";

export const MOCK_CLIENT = { clientId: "mock-client", clientSecret: "mock-secret-canary-77c1e2" };

export interface MockOptions {
  /** Where the app will be served; the mocks are on another host on purpose: cookies ignore ports. */
  appOrigin: string;
  /** The mock Ringside's port; the providers' are the ones after it. */
  firstPort: number;
  /** With those that only tests have a use for. */
  tests?: boolean;
}

export const ringsideUrl = (firstPort: number) => urlAt(firstPort);

export interface ProviderPlace {
  mock: IdentityMock;
  port: number;
  /** The app's own origin where the adapter is its own provider. */
  url: string;
}

/** The providers with their addresses, which are the same with and without those for tests. */
export function providerPlaces({ appOrigin, firstPort, tests = false }: MockOptions): ProviderPlace[] {
  const inside = identityMocks.filter(({ start }) => !start);
  const outside = identityMocks.filter(({ start }) => start);
  const places = [
    // First, so that the button that needs no explanation is on top.
    ...inside.map((mock) => ({ mock, port: 0, url: appOrigin })),
    ...outside.map((mock, index) => ({
      mock,
      port: firstPort + 1 + index,
      url: urlAt(firstPort + 1 + index),
    })),
  ];
  const shown = places.filter(({ mock }) => tests || !mock.testsOnly);
  // Where there is no other, it is the one to show.
  return shown.length > 0 ? shown : places;
}

/** The client that an app on this origin is at each of them. */
export const clientOf = (appOrigin: string, adapterId: string) => ({
  ...MOCK_CLIENT,
  redirectUris: [`${appOrigin}/auth/${adapterId}/callback`],
  logoutUrls: [`${appOrigin}/sign-in`],
});

export function mockEnvironment(options: MockOptions): Record<string, string> {
  const { appOrigin, firstPort } = options;
  const places = providerPlaces(options);
  const variables = places.map(({ mock, url }) => mock.env(url, clientOf(appOrigin, mock.adapterId)));
  return {
    APP_ORIGIN: appOrigin,
    PORT: new URL(appOrigin).port,
    RINGSIDE_API_URL: `${ringsideUrl(firstPort)}/v1`,
    RINGSIDE_API_KEY: MOCK_API_KEY,
    AUTH_ADAPTERS: places.map(({ mock }) => mock.adapterId).join(","),
    ...Object.assign({}, ...variables),
  };
}

const urlAt = (port: number) => `http://127.0.0.1:${port}`;
