/** The app's routes as the server calls them, with production's variables and a log that is searched for secrets. */
import { vi } from "vitest";
import type { DashboardPageProps } from "#app/components/dashboard-page.tsx";

export const ORIGIN = "http://localhost:3000";

const SECRETS = {
  RINGSIDE_API_KEY: "sk_live_fuzz_canary_7a1e",
  SESSION_SECRET: "session-secret-fuzz-canary-0c95d2be61",
  GITHUB_CLIENT_SECRET: "github-secret-fuzz-canary-44b8",
};
export const { RINGSIDE_API_KEY } = SECRETS;

/** Whether something of it is a string that no answer and no log line may hold. */
export const holdsSecret = (seen: string) => Object.values(SECRETS).some((secret) => seen.includes(secret));

/** How many lines were logged, and those that hold a secret. */
export const logged = { lines: 0, leaks: [] as string[] };

Object.assign(process.env, SECRETS, {
  NODE_ENV: "production",
  // People without a provider; it changes nothing of what is tested here.
  MOCKS: "demo",
  APP_ORIGIN: ORIGIN,
  TRUST_PROXY: "1",
  RINGSIDE_API_URL: "http://127.0.0.1:1/v1",
  AUTH_ADAPTERS: "demo,github",
  GITHUB_CLIENT_ID: "client",
  // Failed callbacks are limited like sign-ins; the inputs are to reach what lies behind the limit.
  SIGN_INS_PER_MINUTE: "100000",
});

const destination = {
  write(line: string) {
    logged.lines += 1;
    if (holdsSecret(line)) logged.leaks.push(line);
  },
};

vi.mock("#app/server/log.server.ts", async (load) => {
  const module = await load<typeof import("#app/server/log.server.ts")>();
  return { ...module, log: module.createLog(process.env, destination) };
});

// Dynamic imports: declarations would run before the variables above are set.
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
