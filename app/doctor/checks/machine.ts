/** The Node that runs this, which is the Node that will run the app. */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { type Context, type Finding, failure, ok, warning } from "../check.ts";
import type { Environment } from "../config.ts";
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

const CA_CERTS = "NODE_EXTRA_CA_CERTS";
const USE_PROXY = "NODE_USE_ENV_PROXY";
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

/** How calls leave this machine: certificate authorities of one's own, and an outbound proxy. */
export function outbound(
  env: Environment,
  setTooLate: readonly string[] = [],
  version = process.versions.node,
): Finding[] {
  const late = setTooLate.map((name) =>
    failure(name, "is set in .env alone, which Node reads too late", "set it in the process's environment"),
  );
  const proxies = PROXIES.filter((name) => env[name]);
  const findings = [
    ...late,
    ...(env[CA_CERTS] ? [authorities(env[CA_CERTS])] : []),
    ...(proxies.length > 0 ? [proxy(proxies, env, version)] : []),
  ];
  return findings.length > 0 ? findings : [ok("calls go out directly, and trust the usual authorities")];
}

/** Node itself only prints a warning for a file that it cannot use, and goes on without. */
function authorities(path: string): Finding {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return failure(
      CA_CERTS,
      `names a file that cannot be read (${code})`,
      "name one that this user may read",
    );
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    if (certificates.length === 0) throw new Error("no certificate");
    const expired = certificates.filter(({ validTo }) => Date.parse(validTo) < Date.now()).length;
    return expired > 0
      ? warning(CA_CERTS, `holds certificates that have expired (${expired})`, "replace them")
      : ok(`${certificates.length} more certificate authorities are trusted (${CA_CERTS})`);
  } catch {
    return failure(
      CA_CERTS,
      "names a file without a readable PEM certificate",
      "convert it: openssl x509 -inform der -in ca.der -out ca.pem",
    );
  }
}

/** fetch uses a proxy of the environment only where Node was told to, which it can be from 22.21 on. */
function proxy(names: readonly string[], env: Environment, version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const able = major > 22 || (major === 22 && minor >= 21);
  if (!able)
    return warning(
      names,
      `is set, but Node ${version} sends no calls through a proxy`,
      `use Node 22.21 or newer with ${USE_PROXY}=1; without it calls go out directly`,
    );
  if (env[USE_PROXY] !== "1")
    return warning(names, "is set, but Node ignores it", `set ${USE_PROXY}=1, or unset it`);
  return ok(`calls go out through a proxy (${names.join(", ")})`);
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
