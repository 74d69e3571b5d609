/** Who is calling, and whether they may: the Bearer key may do all, a Client Token what it was minted for. */
import type { Ledger } from "./ledger.ts";
import { refusal } from "./refuse.ts";
import type { TokenIssuer } from "./tokens.ts";

export type Caller = { kind: "server" } | { kind: "client"; customerId: string };

export interface Gate {
  /** For routes that no browser may use. @throws Response 401, 403 */
  server(request: Request): Promise<void>;
  /** For routes that both may use. @throws Response 401, 403 */
  reader(request: Request): Promise<Caller>;
}

export function createGate(world: {
  apiKey: string;
  ledger: Ledger;
  tokens: TokenIssuer;
  now: () => number;
}): Gate {
  const clockOf = (customerId: string) => world.ledger.byId(customerId)?.now() ?? world.now();

  /** The order of these checks is Ringside's answer to "what is wrong first", so that each has its own code. */
  async function client(request: Request, jwt: string): Promise<Caller> {
    const token = await world.tokens.verify(jwt, clockOf);
    if (!token) throw refusal(401, "invalid_client_token", "The Client Token has expired or is not valid.");
    const origin = request.headers.get("origin");
    if (origin === null || ![token.origin].flat().includes(origin)) {
      throw refusal(403, "origin_not_allowed", "The Client Token is locked to another origin.");
    }
    if (!token.allowed_endpoints.includes(new URL(request.url).pathname)) throw endpointNotAllowed();
    return { kind: "client", customerId: token.customer };
  }

  async function reader(request: Request): Promise<Caller> {
    const jwt = clientToken(request);
    if (jwt !== null) return client(request, jwt);
    if (request.headers.get("authorization") === `Bearer ${world.apiKey}`) return { kind: "server" };
    throw refusal(401, "invalid_api_key", "The API key is missing or not valid.");
  }

  return {
    reader,
    async server(request) {
      const caller = await reader(request);
      // A token in good standing is no key, not even where its list names the route.
      if (caller.kind === "client") throw endpointNotAllowed();
    },
  };
}

const endpointNotAllowed = () =>
  refusal(403, "endpoint_not_allowed", "The Client Token does not allow this endpoint.");

/** The JWT of an `Authorization: Client …` header; null under any other scheme. */
export function clientToken(request: Request): string | null {
  return /^Client (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}
