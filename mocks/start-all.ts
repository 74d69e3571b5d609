/** Every mock at once. */
import { clientOf, MOCK_API_KEY, type MockOptions, providerPlaces } from "./environment.ts";
import { startRingside } from "./ringside/server.ts";

export async function startMocks(options: MockOptions): Promise<{ close(): Promise<void> }> {
  const places = providerPlaces(options);
  const seed = places.flatMap(({ mock, url }) => mock.customers?.(url) ?? []);
  const servers = await Promise.all([
    startRingside({ port: options.firstPort, apiKey: MOCK_API_KEY, seed }),
    ...places.flatMap(
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
