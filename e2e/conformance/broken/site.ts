/** The smallest app that keeps the rules of the site layer, with each of its decisions open to be taken wrongly. */
import { randomBytes } from "node:crypto";
import { parseCookie } from "cookie";
import { HttpResponse, http } from "msw";
import { type Served, serve } from "#mocks/serve.ts";

export const SESSION = "__Host-session=the-one-session";

export const decisions = {
  /** What is on the dashboard beside figures. */
  page: (): string => "",
  startsOnGet: false,
  sameOrigin: (request: Request, origin: string): boolean =>
    request.headers.get("origin") === origin &&
    ["same-origin", null].includes(request.headers.get("sec-fetch-site")),
  callbackSignsIn: (_query: URLSearchParams): boolean => false,
  problem: (_query: URLSearchParams): string => "invalid_state",
  isSession: (value: string | undefined): boolean => value === "the-one-session",
  dashboardIsOpen: false,
  refuseSignedOut: (): Response => HttpResponse.json({ code: "not_signed_in" }, { status: 401 }),
  /** What Ringside is asked for. */
  mintBody: (_wish: Record<string, unknown>, sound: Record<string, unknown>): Record<string, unknown> =>
    sound,
  mintAnswer: (): object => ({ token: "t", expires_at: 1_900_000_000 }),
  mintHeaders: { "cache-control": "no-store" } as Record<string, string>,
};
export type Decisions = typeof decisions;

export interface StartedSite extends Served {
  /** What its Ringside received. */
  mints: Record<string, unknown>[];
}

export async function startSite(changed: Partial<Decisions>): Promise<StartedSite> {
  const mints: Record<string, unknown>[] = [];
  const decide = { ...decisions, ...changed };
  const originOf = (request: Request) => new URL(request.url).origin;
  const signedIn = (request: Request) =>
    decide.isSession(parseCookie(request.headers.get("cookie") ?? "")["__Host-session"]);
  const to = (location: string, cookie?: string) =>
    new HttpResponse(null, { status: 302, headers: { location, ...(cookie && { "set-cookie": cookie }) } });
  const start = () =>
    to(`https://provider.example/?state=${randomBytes(32).toString("hex")}`, "attempt=1; Path=/");
  const html = (body: string) => HttpResponse.html(`<!doctype html><title>Site</title>${body}`);
  const mint = async (request: Request) => {
    const wish = JSON.parse((await request.text()) || "{}") as Record<string, unknown>;
    const answer = () => {
      if (!decide.sameOrigin(request, originOf(request)))
        return HttpResponse.json({ code: "bad_origin" }, { status: 403 });
      if (!signedIn(request)) return decide.refuseSignedOut();
      const allowed_endpoints = ["/v1/customers/cus_1", "/v1/usage"];
      const sound = { customer: "cus_1", origin: originOf(request), allowed_endpoints, ttl_seconds: 300 };
      mints.push(decide.mintBody(wish, sound));
      return HttpResponse.json(decide.mintAnswer());
    };
    const response = answer();
    for (const [name, value] of Object.entries(decide.mintHeaders)) response.headers.set(name, value);
    return response;
  };

  const served = await serve(
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
        if (decide.callbackSignsIn(query)) return to("/dashboard", `${SESSION}; Path=/`);
        return to(`/sign-in?${new URLSearchParams({ problem: decide.problem(query) })}`);
      }),
      http.get("/dashboard", ({ request }) =>
        signedIn(request) || decide.dashboardIsOpen ? html(`<p>$12.34</p>${decide.page()}`) : to("/sign-in"),
      ),
      http.post("/api/mint-client-token", ({ request }) => mint(request)),
    ],
    { port: 0 },
  );
  return { ...served, mints };
}
