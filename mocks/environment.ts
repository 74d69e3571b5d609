/** All mocks together: where they listen, the environment variables that point an app at them, and starting them. */
import { readdirSync } from "node:fs";
import type { IdentityMock } from "./identity/parts/mock.ts";
import { startRingside } from "./ringside/server.ts";

const FOLDER = new URL("./identity/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));

/** The mock providers: each file of `identity` exports one. In the order of their names, which sets their ports. */
export const identityMocks: readonly IdentityMock[] = await Promise.all(
  names.sort().map(async (name) => {
    const { mock } = (await import(new URL(name, FOLDER).href)) as { mock?: IdentityMock };
    if (!mock) throw new Error(`mocks/identity/${name} exports no mock; shared code belongs in parts/.`);
    return mock;
  }),
);

/** Accepted by the mock Ringside only; its odd shape makes a leak easy to search for. */
export const MOCK_API_KEY = "sk_live_mock_canary_4f1d0c9be27a";

export const MOCK_CLIENT = { clientId: "mock-client", clientSecret: "mock-secret-canary-77c1e2" };

export interface MockOptions {
  /** The app's origin. The mocks use another host name, because cookies ignore ports. */
  appOrigin: string;
  /** The mock Ringside's port; the providers take the ports after it. */
  firstPort: number;
  /** Include the mocks that only tests use. */
  tests?: boolean;
}

export const ringsideUrl = (firstPort: number) => urlAt(firstPort);

export interface ProviderAddress {
  mock: IdentityMock;
  port: number;
  /** The app's own origin where the adapter is its own provider. */
  url: string;
}

/** The providers with their addresses, which do not depend on `tests`. */
export function providerAddresses({ appOrigin, firstPort, tests = false }: MockOptions): ProviderAddress[] {
  const inside = identityMocks.filter(({ start }) => !start);
  const outside = identityMocks.filter(({ start }) => start);
  const addresses = [
    // First, so that the button that needs no explanation is on top.
    ...inside.map((mock) => ({ mock, port: 0, url: appOrigin })),
    ...outside.map((mock, index) => ({
      mock,
      port: firstPort + 1 + index,
      url: urlAt(firstPort + 1 + index),
    })),
  ];
  const shown = addresses.filter(({ mock }) => tests || !mock.testsOnly);
  // In a starter a mock for tests can be the only one.
  return shown.length > 0 ? shown : addresses;
}

/** The client as which an app on this origin is registered at each provider. */
const clientOf = (appOrigin: string, adapterId: string) => ({
  ...MOCK_CLIENT,
  redirectUris: [`${appOrigin}/auth/${adapterId}/callback`],
  logoutUrls: [`${appOrigin}/sign-in`],
});

export function mockEnvironment(options: MockOptions): Record<string, string> {
  const { appOrigin, firstPort } = options;
  const addresses = providerAddresses(options);
  const variables = addresses.map(({ mock, url }) => mock.env(url, clientOf(appOrigin, mock.adapterId)));
  return {
    APP_ORIGIN: appOrigin,
    PORT: new URL(appOrigin).port,
    RINGSIDE_API_URL: `${ringsideUrl(firstPort)}/v1`,
    RINGSIDE_API_KEY: MOCK_API_KEY,
    AUTH_ADAPTERS: addresses.map(({ mock }) => mock.adapterId).join(","),
    ...Object.assign({}, ...variables),
  };
}

const urlAt = (port: number) => `http://127.0.0.1:${port}`;

/** Starts every mock. */
export async function startMocks(options: MockOptions): Promise<{ close(): Promise<void> }> {
  const addresses = providerAddresses(options);
  const seed = addresses.flatMap(({ mock, url }) => mock.customers?.(url) ?? []);
  const servers = await Promise.all([
    startRingside({ port: options.firstPort, apiKey: MOCK_API_KEY, seed }),
    ...addresses.flatMap(
      ({ mock, port }) =>
        mock.start?.({ port, clients: [clientOf(options.appOrigin, mock.adapterId)] }) ?? [],
    ),
  ]);
  return {
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
