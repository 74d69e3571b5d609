/** The Express app around the Remix build: static files, headers, the access log. */
import { fileURLToPath } from "node:url";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express } from "express";
import helmet from "helmet";
import { config } from "#app/config.server.ts";
import { accessLog } from "./access-log.server.ts";

export function createApp(build: ServerBuild, clientDir: URL): Express {
  const { origin, trustProxy } = config();
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", trustProxy);

  app.use(accessLog);
  app.use(compression());
  app.use(
    helmet({
      // Documents bring their own, with a nonce (content-security-policy.server.ts).
      contentSecurityPolicy: false,
      // `no-referrer` would turn the Origin of our own forms into "null", and the CSRF wall would refuse them.
      referrerPolicy: { policy: "same-origin" },
      hsts: origin.protocol === "https:" && { maxAge: 31_536_000 },
      xFrameOptions: { action: "deny" },
      // Avatars come from the providers' hosts.
      crossOriginEmbedderPolicy: false,
    }),
  );

  const root = fileURLToPath(clientDir);
  app.use("/assets", express.static(`${root}assets`, { immutable: true, maxAge: "1y", fallthrough: false }));
  app.use(express.static(root, { maxAge: "1h", index: false }));
  app.all("*", createRequestHandler({ build, mode: process.env["NODE_ENV"] ?? "production" }));
  return app;
}
