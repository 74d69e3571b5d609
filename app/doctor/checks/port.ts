/** Whether the app could listen where it is told to. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { Ask } from "../ask.ts";
import type { Context } from "../check.ts";
import { type Finding, failure, ok } from "../finding.ts";
import { isThisApp } from "./origin.ts";

export async function port({ subject, ask }: Context): Promise<Finding[]> {
  const wanted = [
    { variable: "PORT", number: subject.port },
    { variable: "METRICS_PORT", number: subject.metricsPort },
  ];
  const findings = await Promise.all(
    wanted.map(({ variable, number }) => (number === null ? [] : tryPort(variable, number, ask))),
  );
  return findings.flat();
}

async function tryPort(variable: string, number: number, ask: Ask): Promise<Finding> {
  const code = await listen(number);
  if (code === null) return ok(`${number} is free (${variable})`);
  if (code === "EACCES")
    return failure(variable, `${number} needs rights we do not have`, "set one above 1023");
  if (code !== "EADDRINUSE") return failure(variable, `${number} cannot be used (${code})`, "set another");
  const here = await ask(`http://127.0.0.1:${number}/healthz`).catch(() => null);
  if (here && (isThisApp(here) || variable === "METRICS_PORT"))
    return ok(`${number} is in use, by this app as it seems (${variable})`);
  return failure(variable, `${number} is taken by another program`, "set another, or stop that program");
}

/** Null when it could listen, as the app does it: on every address. */
async function listen(number: number): Promise<string | null> {
  const server = createServer().listen(number);
  try {
    await once(server, "listening");
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  } finally {
    server.close();
  }
}
