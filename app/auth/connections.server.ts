/** The enabled adapters, connected once per process. */
import type { AuthAdapter, Connection, Identity, RedirectConnection } from "#adapters/adapter.ts";
import { config } from "#app/config/config.server.ts";

export interface Connected {
  adapter: AuthAdapter;
  connection: Connection;
}
export interface RedirectConnected extends Connected {
  connection: RedirectConnection;
}

let current: Promise<Connected[]> | undefined;

/** Every enabled adapter with its connection, in the order of the buttons. */
export function connections(): Promise<Connected[]> {
  current ??= connectAll().catch((error) => {
    // A provider that was down at boot is asked again at the next request instead of never.
    current = undefined;
    throw error;
  });
  return current;
}

function connectAll(): Promise<Connected[]> {
  const { adapters, origin, secureCookies } = config();
  return Promise.all(
    adapters.map(async ({ adapter, env }) => ({
      adapter,
      connection: await adapter.connect(env, {
        origin,
        callbackUrl: new URL(`/auth/${adapter.id}/callback`, origin),
        secureCookies,
      }),
    })),
  );
}

/** The enabled adapter of that id that vouches for identities of that issuer; null when there is none. */
export async function connectionFor(
  adapterId: string,
  { issuer }: Pick<Identity, "issuer">,
): Promise<Connected | null> {
  const found = (await connections()).find(({ adapter }) => adapter.id === adapterId);
  return found?.connection.issuers.includes(issuer) ? found : null;
}

/** The enabled adapter of that id that redirects users to its provider; null when there is none. */
export async function redirectConnection(adapterId: string | undefined): Promise<RedirectConnected | null> {
  const found = (await connections()).find(({ adapter }) => adapter.id === adapterId);
  return found && isRedirect(found) ? found : null;
}

export const isRedirect = (connected: Connected): connected is RedirectConnected =>
  connected.connection.kind === "redirect";
