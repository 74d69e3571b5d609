/** Each enabled adapter: connects, asks its provider as a browser would, and signs nobody in. */
import { type AuthAdapter, isAdapterError, type RedirectConnection } from "#adapters/adapter.ts";
import { variablesOf } from "../adapter-variables.ts";
import { type Ask, Unreachable } from "../ask.ts";
import type { Context } from "../check.ts";
import { comeBack, leave, type Verdict } from "../dry-sign-in.ts";
import { type Finding, failure, notChecked, ok, warning } from "../finding.ts";

export async function adapters({ subject, ask, timeoutMs }: Context): Promise<Finding[]> {
  const { origin, adapters: enabled } = subject;
  if (!origin)
    return [notChecked("there is no APP_ORIGIN for their callbacks", "mend what `origin` says first")];
  if (enabled.length === 0)
    return [notChecked("no adapter is whole", "mend what `configuration` says first")];
  const findings = await Promise.all(
    enabled.map(({ adapter, env }) => examine({ adapter, env, origin, ask, timeoutMs })),
  );
  return findings.flat();
}

interface Case {
  adapter: AuthAdapter;
  /** The adapter's own, parsed. */
  env: unknown;
  origin: URL;
  ask: Ask;
  timeoutMs: number;
}

async function examine(of: Case): Promise<Finding[]> {
  const { adapter, env, origin } = of;
  const { address } = variablesOf(env);
  const callbackUrl = new URL(`/auth/${adapter.id}/callback`, origin);
  const app = { origin, callbackUrl, secureCookies: origin.protocol === "https:" };
  try {
    const connection = await adapter.connect(env, app);
    const probed = await probe(of);
    if (probed.some(({ status }) => status === "failure")) return probed;
    if (connection.kind === "redirect" && !connection.choices)
      return [...probed, ...(await signIn(of, connection, callbackUrl))];
    return probed.length > 0 ? probed : [ok(`${adapter.id} is set up; there is nothing to ask of it`)];
  } catch (error) {
    if (error instanceof Unreachable)
      return [
        failure(
          address,
          `${error.message} (adapter ${adapter.id})`,
          "mend the address, or the network from here to there",
        ),
      ];
    if (isAdapterError(error))
      return [
        failure(
          address,
          `is not answered as it should be: ${error.message} (adapter ${adapter.id})`,
          "set it to the provider's own address",
        ),
      ];
    // Its text may hold what the provider wrote.
    const name = error instanceof Error ? error.constructor.name : typeof error;
    return [
      failure(
        address,
        `cannot be used (${name}, adapter ${adapter.id})`,
        "mend the address, or the network from here to there",
      ),
    ];
  }
}

async function probe({ adapter, env, timeoutMs }: Case): Promise<Finding[]> {
  const faults = await adapter.probe?.(env, AbortSignal.timeout(timeoutMs));
  if (!faults) return [];
  if (faults.length === 0) return [ok(`${adapter.id} is the provider it should be`)];
  return faults.map(({ variable, problem }) =>
    failure(variable, `${problem} (adapter ${adapter.id})`, "set it to the provider's own address"),
  );
}

async function signIn(
  { adapter, env, origin, ask }: Case,
  connection: RedirectConnection,
  callbackUrl: URL,
): Promise<Finding[]> {
  const { address, credentials, issuer } = variablesOf(env);
  const departure = await leave(connection, new URL(`/auth/${adapter.id}`, origin));
  const { status } = await ask(departure.location);
  if (status >= 500)
    return [
      failure(
        address,
        `answers ${status} (adapter ${adapter.id})`,
        "see the provider's status page, then the address",
      ),
    ];
  // A browser would show this page to everybody who wants to sign in.
  if (status >= 400)
    return [
      failure(
        [...credentials, "APP_ORIGIN"],
        `are refused where people sign in (${status}, adapter ${adapter.id})`,
        `compare the client id, and register the callback ${callbackUrl.href}`,
      ),
    ];
  const { verdict, detail } = await comeBack(connection, callbackUrl, departure, issuer);
  return [
    ok(`${adapter.id} lets people sign in there`),
    judge(verdict, detail, { adapter, credentials, callbackUrl }),
  ];
}

function judge(
  verdict: Verdict,
  detail: string,
  { adapter, credentials, callbackUrl }: { adapter: AuthAdapter; credentials: string[]; callbackUrl: URL },
): Finding {
  switch (verdict) {
    case "accepted":
      return ok(`${adapter.id} accepts our client id and secret`);
    case "refused":
      return failure(
        credentials,
        `are not accepted (${detail}, adapter ${adapter.id})`,
        "copy both again from the provider's console",
      );
    case "wrong_redirect_uri":
      return failure(
        "APP_ORIGIN",
        `leads to a callback that is not registered (adapter ${adapter.id})`,
        `register ${callbackUrl.href}`,
      );
    case "unclear":
      return warning(
        [],
        `${adapter.id} does not say what it thinks of our credentials (${detail})`,
        "sign in once to be sure",
      );
  }
}
