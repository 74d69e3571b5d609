/** Signing in through a redirect adapter: away to the provider, and back with an Identity. */
import { redirect } from "@remix-run/node";
import { type AdapterErrorCode, isAdapterError } from "#adapters/adapter.ts";
import { createFlow } from "#adapters/flow.ts";
import { checkIdentity } from "#adapters/identity.ts";
import { config } from "#app/config/config.server.ts";
import { interstitialRedirect } from "#app/server/interstitial-redirect.server.tsx";
import { log } from "#app/server/log.server.ts";
import { signIns } from "#app/server/metrics.server.ts";
import { type ProblemCode, problem, wantsHtml } from "#app/server/problem.server.ts";
import type { RedirectConnected } from "./connections.server.ts";
import { type Away, isAway } from "./recognition.server.ts";
import { safeReturnPath } from "./return-path.server.ts";
import { createSealer } from "./sealer.server.ts";
import { startSession } from "./session.server.ts";

let current: ReturnType<typeof createFlow> | undefined;
const flow = () => {
  const { sessionSecrets, secureCookies, origin } = config();
  current ??= createFlow({
    sealer: createSealer(sessionSecrets, "sign-in"),
    secureCookies,
    appOrigin: origin,
  });
  return current;
};

/** Sends the person to the provider. The form may name a choice and a return path, and nothing else. */
export async function startSignIn(
  request: Request,
  { adapter, connection }: RedirectConnected,
): Promise<Response> {
  // A program's JSON, or a form that was cut off. Thrown, it would be a 500 that anybody can have us log.
  const form = await request.formData().catch(() => null);
  if (!form) return refuseSignIn(request, adapter.id, "bad_request");
  const choice = connection.choices?.find(({ id }) => id === form.get("choice"));
  if (connection.choices && !choice) return redirect("/sign-in?problem=unknown");

  // A clean URL: what the address bar held must not decide which leg of the flow an adapter thinks it is in.
  const url = new URL(`/auth/${adapter.id}`, config().origin);
  if (choice) url.searchParams.set("choice", choice.id);
  try {
    const response = await connection.start(new Request(url, { headers: request.headers }));
    const away = await flow().begin({
      adapterId: adapter.id,
      connection,
      request,
      response,
      returnTo: safeReturnPath(form.get("returnTo")),
    });
    signIns.inc({ adapter: adapter.id, outcome: "started" });
    return leaveFor(away);
  } catch (error) {
    return failed(adapter.id, error);
  }
}

/** To a provider on another site by a page, to one that lives in this app by the redirect itself. */
function leaveFor(away: Response): Response {
  const url = new URL(away.headers.get("location") ?? "", config().origin);
  if (url.origin === config().origin.origin) return away;
  const headers = new Headers(away.headers);
  headers.delete("location");
  return interstitialRedirect(url, headers);
}

/** Takes the provider's answer: a new session and the way back, or the sign-in page with our own words for why not. */
export async function finishSignIn(
  request: Request,
  { adapter, connection }: RedirectConnected,
): Promise<Response> {
  const attempt = await flow().resume({ adapterId: adapter.id, request });
  if (!attempt.ok) return failed(adapter.id, attempt.error, attempt.clear);
  try {
    const identity = checkIdentity(await connection.finish(attempt.request));
    const session = await startSession(adapter.id, identity);
    signIns.inc({ adapter: adapter.id, outcome: "signed_in" });
    log.info({ event: "signed_in", adapter: adapter.id });
    return redirectWith(safeReturnPath(attempt.returnTo), [...attempt.clear, session]);
  } catch (error) {
    return failed(adapter.id, error, attempt.clear);
  }
}

/** Before it began. People go back to the page they came from, which says why; programs get the problem. */
export function refuseSignIn(
  request: Request,
  adapterId: string,
  code: ProblemCode,
  retryAfterSeconds?: number,
): Response {
  signIns.inc({ adapter: adapterId, outcome: code });
  if (wantsHtml(request)) return redirectWith(`/sign-in?problem=${code}`, []);
  return problem(code, retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) });
}

function failed(adapterId: string, error: unknown, cookies: string[] = []): Response {
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : "not an Error";
  const level = code === "access_denied" || code === "invalid_state" ? "info" : "warn";
  signIns.inc({ adapter: adapterId, outcome: code });
  log[level]({ event: "sign_in_failed", adapter: adapterId, code, detail });
  return redirectWith(`/sign-in?problem=${code}`, cookies);
}

function codeOf(error: unknown): AdapterErrorCode | Away {
  if (isAway(error)) return error.code;
  return isAdapterError(error) ? error.code : "provider_unavailable";
}

function redirectWith(location: string, cookies: string[]): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return redirect(location, { headers });
}
