/**
 * The registry. To add an adapter: write its file, import it here, add it to the list. The compiler refuses a key
 * that is there already; a test refuses a key that is not the adapter's id.
 */
import type { AuthAdapter } from "./adapter.ts";
import { auth0 } from "./auth0.ts";
import { demo } from "./demo.ts";
import { github } from "./github.ts";

export const adapters: Record<string, AuthAdapter> = { demo, github, auth0 };

/**
 * The adapter behind one entry of AUTH_ADAPTERS. Ask here and not the list: an entry such as `oidc:okta` names one
 * of several instances of a family, which the list cannot hold.
 */
export function findAdapter(entry: string): AuthAdapter | undefined {
  return Object.hasOwn(adapters, entry) ? adapters[entry] : undefined;
}
