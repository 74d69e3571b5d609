/** The Node that runs this, which is the Node that will run the app. */
import { once } from "node:events";
import { createServer } from "node:net";
import { type Context, type Finding, failure, ok } from "../check.ts";
import type { Ask } from "../http.ts";
import { isThisApp } from "./origin.ts";

/** As in package.json, which is not beside the built doctor. */
export const MINIMUM = [20, 12] as const;

export function machine(version = process.versions.node): Finding[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = MINIMUM;
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  if (enough) return [ok(`Node ${version}`)];
  return [failure([], `Node ${version} is too old`, `install Node ${MINIMUM.join(".")} or newer`)];
}

/** Whether the app could listen where it is told to. */

export async function port({ config, ask }: Context): Promise<Finding[]> {
  const wanted = [
    { variable: "PORT", number: config.port },
    { variable: "METRICS_PORT", number: config.metricsPort },
  ];
  const findings = await Promise.all(
    wanted.map(({ variable, number }) =>
      number === null ? [] : tryPort(variable, number, config.host, ask),
    ),
  );
  return findings.flat();
}

async function tryPort(variable: string, number: number, host: string | null, ask: Ask): Promise<Finding> {
  const code = await listen(number, host);
  if (code === null) return ok(`${number} is free (${variable})`);
  if (code === "EACCES")
    return failure(variable, `${number} needs rights we do not have`, "set one above 1023");
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return failure(
      "HOST",
      `is no address of this machine (${code})`,
      "set an address of this machine, or unset it",
    );
  if (code !== "EADDRINUSE") return failure(variable, `${number} cannot be used (${code})`, "set another");
  const here = await ask(`http://${addressOf(host)}:${number}/healthz`).catch(() => null);
  if (here && (isThisApp(here) || variable === "METRICS_PORT"))
    return ok(`${number} is in use, by this app as it seems (${variable})`);
  return failure(variable, `${number} is taken by another program`, "set another, or stop that program");
}

/** Null when it could listen, as the app does it: on HOST, or on every address. */
async function listen(port: number, host: string | null): Promise<string | null> {
  const server = createServer().listen({ port, ...(host && { host }) });
  try {
    await once(server, "listening");
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  } finally {
    server.close();
  }
}

/** Where a program on this machine reaches what listens on that host. */
function addressOf(host: string | null): string {
  if (host === null || host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
