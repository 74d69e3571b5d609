/** Signing in through a redirect adapter: to the provider, and back with an Identity. */
import { redirect } from "@remix-run/node";
import { type AdapterErrorCode, isAdapterError } from "#adapters/adapter.ts";
import { ATTEMPT_MAX_AGE_SECONDS, createAttempts } from "#adapters/attempts.ts";
import { checkIdentity } from "#adapters/identity.ts";
import { config } from "#app/config/config.server.ts";
import { interstitialRedirect } from "#app/server/interstitial-redirect.server.tsx";
import { callbackLimit } from "#app/server/limits.server.ts";
import { log, requestContext } from "#app/server/log.server.ts";
import { signIns } from "#app/server/metrics.server.ts";
import { type ProblemCode, problem, wantsHtml } from "#app/server/problem.server.ts";
import type { RedirectConnected } from "./connections.server.ts";
import { createClaimOnce } from "./one-time.server.ts";
import { safeReturnPath } from "./return-path.server.ts";
import { readSession, sessionStore, startSession } from "./session.server.ts";
import { createSealer } from "./session-secret.server.ts";
import { type AuthUnavailableCode, isUnavailable } from "./session-store.server.ts";

let current: ReturnType<typeof createAttempts> | undefined;
const attempts = () => {
  const { secureCookies, origin } = config();
  current ??= createAttempts({
    sealer: createSealer(config(), "sign-in"),
    secureCookies,
    appOrigin: origin,
    claimOnce: createClaimOnce(ATTEMPT_MAX_AGE_SECONDS),
  });
  return current;
};

/** Sends the user to the provider. The form may name a choice and a return path, and nothing else. */
export async function startSignIn(
  request: Request,
  { adapter, connection }: RedirectConnected,
): Promise<Response> {
  // JSON, or a form that was cut off. Thrown, it would be a 500 and a line in the error log at any client's will.
  const form = await request.formData().catch(() => null);
  if (!form) return refuseSignIn(request, adapter.id, "bad_request");
  const choice = connection.choices?.find(({ id }) => id === form.get("choice"));
  if (connection.choices && !choice) return redirect("/sign-in?problem=unknown");

  // A clean URL: what the address bar held must not decide which leg of the flow an adapter thinks it is in.
  const url = new URL(`/auth/${adapter.id}`, config().origin);
  if (choice) url.searchParams.set("choice", choice.id);
  try {
    const response = await connection.start(new Request(url, { headers: request.headers }));
    const toProvider = await attempts().begin({
      adapterId: adapter.id,
      connection,
      request,
      response,
      returnTo: safeReturnPath(form.get("returnTo")),
    });
    signIns.inc({ adapter: adapter.id, outcome: "started" });
    return leaveFor(toProvider);
  } catch (error) {
    return failed(adapter.id, error);
  }
}

/** To a provider on another site by a page, to one that lives in this app by the redirect itself. */
function leaveFor(toProvider: Response): Response {
  const url = new URL(toProvider.headers.get("location") ?? "", config().origin);
  if (url.origin === config().origin.origin) return toProvider;
  const headers = new Headers(toProvider.headers);
  headers.delete("location");
  return interstitialRedirect(url, headers);
}

/**
 * Takes the provider's answer: a new session and the way back, or the sign-in page with our own words for why not. The
 * session that this browser had ends, so that a copy of its cookie does not outlive it.
 */
export async function finishSignIn(
  request: Request,
  { adapter, connection }: RedirectConnected,
): Promise<Response> {
  let clear: string[] = [];
  try {
    const attempt = await attempts().resume({ adapterId: adapter.id, request });
    clear = attempt.clear;
    if (!attempt.ok) return await refuseCallback(request, adapter.id, attempt.error, clear);
    const identity = checkIdentity(await connection.finish(attempt.request), connection.issuers);
    const cookie = await startSession(adapter.id, identity);
    const previous = await readSession(request);
    if (previous) await sessionStore().end(previous);
    signIns.inc({ adapter: adapter.id, outcome: "signed_in" });
    log.info({ event: "signed_in", adapter: adapter.id });
    return redirectWith(safeReturnPath(attempt.returnTo), [...clear, cookie]);
  } catch (error) {
    return failed(adapter.id, error, clear);
  }
}

/**
 * A callback without an attempt that could still be used. Those of used-up attempts and forged ones are counted by the
 * client's address; a genuine one was counted when it began, and no flood of the others can keep it out.
 */
async function refuseCallback(
  request: Request,
  adapterId: string,
  error: unknown,
  clear: string[],
): Promise<Response> {
  const wait = await callbackLimit(requestContext()?.address ?? "");
  if (wait === null) return failed(adapterId, error, clear);
  return refuseSignIn(request, adapterId, "rate_limited", { retryAfterSeconds: wait, cookies: clear });
}

/** Before it began. Users go back to the page they came from, which says why; programs get the problem. */
export function refuseSignIn(
  request: Request,
  adapterId: string,
  code: ProblemCode,
  { retryAfterSeconds, cookies = [] }: { retryAfterSeconds?: number; cookies?: string[] } = {},
): Response {
  signIns.inc({ adapter: adapterId, outcome: code });
  if (wantsHtml(request)) return redirectWith(`/sign-in?problem=${code}`, cookies);
  const response = problem(
    code,
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  );
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

function failed(adapterId: string, error: unknown, cookies: string[] = []): Response {
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : "not an Error";
  const level = code === "access_denied" || code === "invalid_state" ? "info" : "warn";
  signIns.inc({ adapter: adapterId, outcome: code });
  log[level]({ event: "sign_in_failed", adapter: adapterId, code, detail });
  return redirectWith(`/sign-in?problem=${code}`, cookies);
}

function codeOf(error: unknown): AdapterErrorCode | AuthUnavailableCode {
  if (isUnavailable(error)) return error.code;
  return isAdapterError(error) ? error.code : "provider_unavailable";
}

function redirectWith(location: string, cookies: string[]): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return redirect(location, { headers });
}
