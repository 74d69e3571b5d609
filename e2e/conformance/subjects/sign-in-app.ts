/** The smallest app with a provider's callback at this product's routes; each of its decisions can be taken wrongly. */
import { randomBytes } from "node:crypto";
import { HttpResponse, http } from "msw";
import { type Served, serve } from "#mocks/serve.ts";

export const decisions = {
  startsOnGet: false,
  sameOrigin: (request: Request, origin: string): boolean =>
    request.headers.get("origin") === origin &&
    ["same-origin", null].includes(request.headers.get("sec-fetch-site")),
  callbackSignsIn: (_query: URLSearchParams): boolean => false,
  problem: (_query: URLSearchParams): string => "invalid_state",
};
export type Decisions = typeof decisions;

export function startSignInApp(changed: Partial<Decisions>): Promise<Served> {
  const decide = { ...decisions, ...changed };
  const originOf = (request: Request) => new URL(request.url).origin;
  const to = (location: string, cookie?: string) =>
    new HttpResponse(null, { status: 302, headers: { location, ...(cookie && { "set-cookie": cookie }) } });
  const start = () =>
    to(`https://provider.example/?state=${randomBytes(32).toString("hex")}`, "attempt=1; Path=/");
  const html = (body: string) => HttpResponse.html(`<!doctype html><title>App</title>${body}`);
  return serve(
    [
      http.get("/sign-in", ({ request }) => {
        const problem = new URL(request.url).searchParams.get("problem") ?? "";
        return html(`<p>${problem}</p><form method="post" action="/auth/test"><button>Go</button></form>`);
      }),
      http.get("/auth/test", () => (decide.startsOnGet ? start() : to("/sign-in"))),
      http.post("/auth/test", ({ request }) =>
        decide.sameOrigin(request, originOf(request)) ? start() : new HttpResponse(null, { status: 403 }),
      ),
      http.get("/auth/test/callback", ({ request }) => {
        const query = new URL(request.url).searchParams;
        if (decide.callbackSignsIn(query)) return to("/dashboard", "session=1; Path=/");
        return to(`/sign-in?${new URLSearchParams({ problem: decide.problem(query) })}`);
      }),
      http.get("/dashboard", () => to("/sign-in")),
    ],
    { port: 0 },
  );
}
