/** The mocks alone, for the e2e suite and for any other app: `tsx mocks/mocks.cli.ts <app origin> [first port]`. */
import { mockEnvironment, startMocks } from "./environment.ts";
import { exitOnError } from "./launch.ts";

const [appOrigin = "http://localhost:3000", first = "4010"] = process.argv.slice(2);
const mocked = { appOrigin, firstPort: Number(first), tests: true };
const mocks = await exitOnError(startMocks(mocked));

for (const [name, value] of Object.entries(mockEnvironment(mocked))) console.log(`${name}=${value}`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => mocks.close().then(() => process.exit(0)));
