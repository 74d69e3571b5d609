/** `npm run reference`: writes the tables of docs/reference.md from the code. */
import { readFileSync, writeFileSync } from "node:fs";
import { REFERENCE, withTables } from "./reference.ts";

writeFileSync(REFERENCE, withTables(readFileSync(REFERENCE, "utf8")));
