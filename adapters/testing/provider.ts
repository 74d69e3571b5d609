/** An identity provider on loopback for the tests of adapters: real HTTP, so that they see what it would receive. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  /** e.g. `POST /oauth/token`. */
  route: string;
  headers: Headers;
  form: URLSearchParams;
}
export type Route = (received: Received) => Response | Promise<Response>;

export interface TestProvider {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** Routes are keyed as in `Received`; anything else is 404. */
export async function startProvider(routes: Record<string, Route>): Promise<TestProvider> {
  const received: Received[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    const { pathname } = new URL(`http://test${incoming.url}`);
    const entry = {
      route: `${incoming.method} ${pathname}`,
      headers: new Headers(incoming.headers as Record<string, string>),
      form: new URLSearchParams(body),
    };
    received.push(entry);
    const response = (await routes[entry.route]?.(entry)) ?? new Response(null, { status: 404 });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
