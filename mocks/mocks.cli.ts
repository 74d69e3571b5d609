/** The mocks alone, for the e2e suite and for anybody's own app: `tsx mocks/mocks.cli.ts <app origin> [first port]`. */
import { mockEnvironment, portsFrom } from "./environment.ts";
import { orEnd } from "./processes.ts";
import { startMocks } from "./start-all.ts";

const [appOrigin = "http://localhost:3000", first = "4010"] = process.argv.slice(2);
const ports = portsFrom(Number(first));
const mocks = await orEnd(startMocks(appOrigin, ports, { faulty: true }));

for (const [name, value] of Object.entries(mockEnvironment(appOrigin, ports, { faulty: true })))
  console.log(`${name}=${value}`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => mocks.close().then(() => process.exit(0)));
