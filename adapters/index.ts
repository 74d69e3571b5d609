/**
 * The registry's list. To add an adapter: write its file, and export it here under its id, in one line. The compiler
 * refuses a name that is there already; a test refuses one that is not the adapter's id.
 */
export { auth0 } from "./auth0.ts";
export { demo } from "./demo.ts";
export { github } from "./github.ts";
export { jwt } from "./jwt.ts";
export { oidc } from "./oidc.ts";
