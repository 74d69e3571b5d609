/**
 * `npm run doctor`. Its source where tsx can run it, so that in a checkout it is never older than the code; else
 * what `npm run build` made of it, since an installation for production has no tsx.
 */
const tsx = await import("tsx/esm/api").catch(() => null);
tsx?.register();
await import(tsx ? "./app/doctor/doctor.cli.ts" : "./build/doctor.js");
