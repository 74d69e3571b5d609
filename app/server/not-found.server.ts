/** A plain 404 for addresses without a page. */
export const notFound = () =>
  new Response("There is nothing at this address.", {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
