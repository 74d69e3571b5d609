/** The version of this app, from package.json: for `/healthz`, a header of every response and the log's first line. */
import manifest from "../../package.json" with { type: "json" };

export const VERSION: string = manifest.version;
