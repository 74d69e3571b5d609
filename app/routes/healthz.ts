/** `GET /healthz`: the process is alive. */
export const loader = () => new Response("ok\n", { headers: { "cache-control": "no-store" } });
