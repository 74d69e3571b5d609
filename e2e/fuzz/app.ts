/** The app's routes as the server calls them. */
import type { DashboardPageProps } from "#app/components/dashboard-page.tsx";
import { ORIGIN } from "./surroundings.ts";

// Not by import declarations: those come before anything that a file does, whatever their order looks like.
const { redirectConnection } = await import("#app/auth/connections.server.ts");
const { startSession } = await import("#app/auth/session.server.ts");
const { startSignIn } = await import("#app/auth/sign-in.server.ts");
const callback = await import("#app/routes/auth.$adapter.callback.ts");
const dashboard = await import("#app/routes/dashboard.tsx");
const mint = await import("#app/routes/api.mint-client-token.ts");
const { rejectUnsupported, routeTable } = await import("#app/server/guard.server.ts");

const { createElement } = await import("react");
const { renderToString } = await import("react-dom/server");
const { DashboardPage } = await import("#app/components/dashboard-page.tsx");
const { inRouter } = await import("#app/components/testing.tsx");

const routes = {
  callback: { path: "auth/:adapter/callback", module: callback, answer: callback.loader },
  dashboard: { path: "dashboard", module: dashboard, answer: dashboard.loader },
  mint: { path: "api/mint-client-token", module: mint, answer: mint.action },
};
const routeOf = routeTable(routes);

/** What a route answers: a thrown Response is an answer too, and anything else that is thrown would be a 500. */
export async function answerOf(
  route: keyof typeof routes,
  request: Request,
  params: Record<string, string> = {},
): Promise<Response> {
  const rejection = rejectUnsupported(request, routeOf);
  if (rejection) return rejection;
  try {
    return (await routes[route].answer({ request, params, context: {} })) as Response;
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
}

/** Everything of an answer that its reader sees. */
export const wholeOf = async (answer: Response) =>
  [answer.status, ...[...answer.headers].flat(), await answer.clone().text()].join("\n");

/** The HTML of a dashboard. */
export const pageOf = (props: DashboardPageProps) =>
  renderToString(inRouter(createElement(DashboardPage, props)).page);

/** The Cookie header of a signed-in user. */
export const sessionCookie = async (subject: string) =>
  pair(await startSession("demo", { issuer: ORIGIN, subject, name: "Ada" }));

export interface Attempt {
  adapterId: string;
  cookie: string;
  state: string;
  code: string;
}

/** A sign-in that was begun, with what the provider's redirect would bring back. */
export async function beginSignIn(adapterId: string): Promise<Attempt> {
  const connected = await redirectConnection(adapterId);
  if (!connected) throw new Error(`no adapter ${adapterId}`);
  const body = new URLSearchParams({ choice: "ada", returnTo: "/dashboard" });
  const request = new Request(`${ORIGIN}/auth/${adapterId}`, { method: "POST", body });
  const redirect = await startSignIn(request, connected);
  // In a redirect's address, or in that of the page that leads on.
  const shown = (redirect.headers.get("location") ?? "") + (await redirect.text());
  const parameter = (name: string) => new RegExp(`[?&;]${name}=([\\w-]+)`).exec(shown)?.[1];
  return {
    adapterId,
    cookie: pair(redirect.headers.getSetCookie()[0] ?? ""),
    state: parameter("state") ?? "",
    code: parameter("code") ?? "a-code",
  };
}

const pair = (setCookie: string) => setCookie.split(";")[0] ?? "";
