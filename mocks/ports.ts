/** The ports that the launchers were told, looked at before a build of half a minute and not after it. */
import { once } from "node:events";
import { createServer } from "node:net";

/** The first of the mocks' ports; each mock takes the next. @throws Error with what to do */
export const firstMockPort = async () => portOf("MOCKS_PORT", 4010);

/** A variable's port. @throws Error with what to do */
export function portOf(variable: string, otherwise: number): number {
  const port = Number(process.env[variable] || otherwise);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${variable} must be from 1 to 65535, and not ${JSON.stringify(process.env[variable])}.`);
}

/**
 * Whether somebody else listens on the app's port: the launcher would take their answers for the app's.
 * @throws Error with what to do
 */
export async function claim(variable: string, port: number): Promise<void> {
  const server = createServer().listen(port);
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `Port ${port} cannot be had (${error.code}): stop what listens there, or set ${variable} to another.`,
    );
  });
  server.close();
  await once(server, "close");
}
