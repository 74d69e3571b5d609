/**
 * Where a provider's endpoints are, from what it publishes about itself (OpenID Connect Discovery). It is asked when
 * needed and now and then again, so that a provider that is down keeps no other user from the app, and one
 * that has moved is found again soon.
 *
 * Not by openid-client's own discovery, which lets any issuer pass at Microsoft's addresses.
 */
import * as z from "zod";
import { AdapterError } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";
import { faultOfUrl, networkOf } from "./web-url.ts";

const FRESH_MS = 3_600_000;
/** After a failed refresh; until then no user waits for a timeout. */
const HOLD_OFF_MS = 60_000;
const TIMEOUT_MS = 5_000;

const endpoint = z.string().refine((url) => faultOfUrl(url) === null);
/** What a provider need not have is missed rather than refused when it cannot be used. */
const extra = <T extends z.ZodType>(field: T) => field.optional().catch(undefined);

const schema = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  userinfo_endpoint: extra(endpoint),
  end_session_endpoint: extra(endpoint),
  pushed_authorization_request_endpoint: extra(endpoint),
  authorization_response_iss_parameter_supported: extra(z.boolean()),
  token_endpoint_auth_methods_supported: extra(z.array(z.string())),
  id_token_signing_alg_values_supported: extra(z.array(z.string())),
});

export type DiscoveredMetadata = z.output<typeof schema>;

export interface Discovery {
  /** What is known without asking. */
  readonly known: DiscoveredMetadata | null;
  /**
   * Asks when nothing is known, or nothing fresh. Once something is known it never fails.
   * @throws AdapterError `provider_unavailable`, or `invalid_response` for metadata that must not be used
   */
  metadata(): Promise<DiscoveredMetadata>;
}

export function createDiscovery(issuer: URL): Discovery {
  let known: DiscoveredMetadata | null = null;
  let refreshAt = 0;
  let pending: Promise<DiscoveredMetadata> | null = null;

  async function ask(): Promise<DiscoveredMetadata> {
    try {
      known = await discover(issuer);
      refreshAt = Date.now() + FRESH_MS;
      return known;
    } catch (error) {
      if (!known) throw error;
      // Old endpoints are no risk: at worst the sign-in fails there.
      refreshAt = Date.now() + HOLD_OFF_MS;
      return known;
    }
  }

  return {
    get known() {
      return known;
    },
    async metadata() {
      if (known && Date.now() < refreshAt) return known;
      pending ??= ask().finally(() => {
        pending = null;
      });
      return pending;
    },
  };
}

async function discover(issuer: URL): Promise<DiscoveredMetadata> {
  const parsed = schema.safeParse(await download(issuer));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path }) => path.join(".") || "the whole of it");
    throw new AdapterError("invalid_response", `metadata: unusable: ${faults.join(", ")}`);
  }
  const named = parsed.data.issuer;
  if (URL.canParse(named) && new URL(named).href === issuer.href) {
    checkNetworks(issuer, parsed.data);
    return parsed.data;
  }
  // The server at this address could otherwise pass for any other provider. Entra's `common` and
  // `organizations` come here too: they stand for the people of every company there is.
  const hint = named.includes("{tenantid}") ? "; set the issuer of one tenant" : "";
  const shown = JSON.stringify(named.slice(0, 200));
  throw new AdapterError("invalid_response", `metadata: of another issuer, ${shown}${hint}`);
}

/**
 * A provider may send this server and its users' browsers to public hosts and to its own network, and nowhere else:
 * a hostile one could otherwise reach services that are protected only by being on this machine or inside its network.
 */
function checkNetworks(issuer: URL, metadata: DiscoveredMetadata): void {
  const refused = Object.entries(metadata).filter(([name, value]) => {
    if (!/_endpoint$|^jwks_uri$/.test(name) || typeof value !== "string") return false;
    const network = networkOf(new URL(value));
    return network !== "public" && network !== networkOf(issuer);
  });
  if (refused.length > 0) {
    const names = refused.map(([name]) => name).join(", ");
    throw new AdapterError("invalid_response", `metadata: on this machine or in a private network: ${names}`);
  }
}

async function download(issuer: URL): Promise<unknown> {
  const failed = (fault: string) => new AdapterError("provider_unavailable", `metadata: ${fault}`);
  const url = `${issuer.href.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await providerFetch(url, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw failed(describeError(error));
  });
  if (response.status !== 200) throw failed(`status ${response.status}`);
  return response.json().catch((error: unknown) => {
    throw failed(describeError(error));
  });
}
