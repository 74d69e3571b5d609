/** A JWT issuer for tests: a real HTTP server for its public keys. */
import { sign as signBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK } from "jose";
import type { SigningKey } from "./keys.ts";

/** As AWS load balancers do it: base64url with the padding that the standard leaves out, and signed with it. */
export function signPadded(key: SigningKey, header: object, claims: object): string {
  const part = (bytes: Buffer | string) =>
    Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
  const input = [header, claims].map((json) => part(JSON.stringify(json))).join(".");
  const signature = signBytes("sha256", Buffer.from(input), {
    key: key.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${part(signature)}`;
}

/** What the next requests get instead of keys. */
export type Fault = "none" | "drop" | "status_500" | "garbage" | "redirect" | "huge" | "hang";

export interface KeyServer {
  jwksUrl: string;
  /** With `{kid}` in it. */
  pemUrl: string;
  /** What is published now. */
  keys: SigningKey[];
  fault: Fault;
  /** The paths asked for, in order. */
  requests: string[];
  close(): Promise<void>;
}

export async function startKeyServer(...keys: SigningKey[]): Promise<KeyServer> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    state.requests.push(path);
    if (state.fault === "hang") return;
    if (state.fault === "drop") return response.destroy();
    if (state.fault === "status_500") return response.writeHead(500).end("{}");
    if (state.fault === "garbage") return response.end('{"keys": "none"}');
    if (state.fault === "huge") return response.end(" ".repeat(600_000));
    if (state.fault === "redirect" && path !== "/moved")
      return response.writeHead(302, { location: "/moved" }).end();
    const pem = /^\/pem\/(.*)$/.exec(path)?.[1];
    if (pem === undefined) return response.end(JSON.stringify({ keys: await jwks() }));
    const key = state.keys.find(({ kid }) => kid === pem);
    return key ? response.end(key.pem) : response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const jwks = () =>
    Promise.all(
      state.keys.map(async ({ publicKey, kid, alg }) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg,
        use: "sig",
      })),
    );
  const state: KeyServer = {
    jwksUrl: `${url}/jwks`,
    pemUrl: `${url}/pem/{kid}`,
    keys,
    fault: "none",
    requests: [],
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return state;
}
