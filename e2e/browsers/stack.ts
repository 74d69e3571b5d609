/**
 * The built app, the mock Ringside and a page that embeds the dashboard, all over https: WebKit keeps no Secure cookie
 * on http://localhost, and blocks plain http requests of an https page even on loopback.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { answers, type Program, start } from "#e2e/ops/cluster/programs.ts";
import { makeCertificate } from "#e2e/ops/doctor/deployment.ts";
import { startMocks } from "#mocks/environment.ts";
import { stack } from "../stack.ts";

const appPort = Number(new URL(stack.origin).port);
const ringsidePort = Number(new URL(stack.ringsideUrl).port);
const https = { app: appPort + 1, ringside: appPort + 2, embedder: appPort + 3 };

export const origin = `https://localhost:${https.app}`;
/** Another site's page, with the dashboard in a frame. */
export const embedderUrl = `https://127.0.0.1:${https.embedder}/`;

/** @returns how to end it all */
export async function startStack(): Promise<() => Promise<void>> {
  const tls = makeCertificate(1);
  const authority = join(mkdtempSync(join(tmpdir(), "browsers-")), "ca.pem");
  writeFileSync(authority, tls.cert);

  const mocks = await startMocks({ appOrigin: origin, firstPort: ringsidePort, tests: true });
  const servers = [
    forwardTls(https.app, appPort),
    forwardTls(https.ringside, ringsidePort),
    createHttpsServer(tls, (_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(
        `<title>Host page</title><iframe src="${origin}/embed" width="900" height="700"></iframe>`,
      );
    }).listen(https.embedder, "127.0.0.1"),
  ];
  let app: Program | undefined;
  const end = async () => {
    for (const server of servers) server.close();
    await app?.kill();
    await mocks.close();
  };
  try {
    app = await start({
      command: process.execPath,
      args: ["build/server.js"],
      env: {
        ...stack.env,
        APP_ORIGIN: origin,
        RINGSIDE_API_URL: `https://127.0.0.1:${https.ringside}/v1`,
        EMBED_ORIGINS: new URL(embedderUrl).origin,
        NODE_EXTRA_CA_CERTS: authority,
      },
      ready: () => answers(`${stack.origin}/readyz`),
    });
  } catch (error) {
    await end();
    throw error;
  }
  return end;

  function forwardTls(from: number, to: number) {
    return createTlsServer({ ...tls, ALPNProtocols: ["http/1.1"] }, (client) => {
      const upstream = connect(to, "127.0.0.1");
      client.pipe(upstream).pipe(client);
      // A browser that drops a connection ends the other half; neither is a fault.
      client.on("error", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
    }).listen(from, "localhost");
  }
}
