/** How the applications registered at a mock provider prove at the token endpoint who they are. */
import type { Client } from "./client.ts";

/** The client that an app on this origin uses unless it is told otherwise. */
export const defaultClient = (provider: string, appOrigin: string): Client => ({
  clientId: "mock-client",
  clientSecret: "mock-secret",
  redirectUris: [`${appOrigin}/auth/${provider}/callback`],
  logoutUrls: [`${appOrigin}/sign-in`],
});

export interface ClientProof {
  method: "basic" | "post" | "none";
  clientId: string | null;
  /** Null when the client is unknown or its secret is wrong. */
  client: Client | null;
}

/** Reads a client's proof, in the header or in the body (RFC 6749, 2.3.1). */
export function proofOf(request: Request, form: URLSearchParams, clients: readonly Client[]): ClientProof {
  const basic = /^Basic (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const [clientId, secret] = basic
    ? basicCredentials(basic)
    : [form.get("client_id"), form.get("client_secret")];
  const client =
    clients.find((known) => known.clientId === clientId && known.clientSecret === secret) ?? null;
  return { method: basic ? "basic" : secret === null ? "none" : "post", clientId: clientId ?? null, client };
}

/** Both halves are form-urlencoded before they are joined, which many clients forget. */
function basicCredentials(basic: string): (string | null)[] {
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":", 2);
  return [id, secret].map((half) => new URLSearchParams(`half=${half}`).get("half"));
}
