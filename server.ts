/** The production server: settles the environment, then starts the app on the Remix build beside it. */
import { existsSync } from "node:fs";

// Before anything is imported: React and Express choose their build by NODE_ENV when they are loaded.
process.env["NODE_ENV"] ??= "production";
if (existsSync(".env")) process.loadEnvFile(".env");

const { start } = await import("./app/http/start.server.ts");
await start(new URL("./", import.meta.url));
