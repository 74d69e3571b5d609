/** The mock providers there are: one file each in `identity`, found by being there. */
import { readdirSync } from "node:fs";
import type { IdentityMock } from "./identity/parts/mock.ts";

const FOLDER = new URL("./identity/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));

/** In the order of their names, which is the order of their ports. */
export const identityMocks: readonly IdentityMock[] = await Promise.all(
  names.sort().map(async (name) => {
    const { mock } = (await import(new URL(name, FOLDER).href)) as { mock?: IdentityMock };
    if (!mock) throw new Error(`mocks/identity/${name} exports no mock; what mocks share is in parts/.`);
    return mock;
  }),
);
