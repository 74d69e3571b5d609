/** Each enabled adapter: connects, and starts a sign-in at its provider as a browser would, without completing it. */
import { randomBytes } from "node:crypto";
import { type AuthAdapter, isAdapterError, type RedirectConnection } from "#adapters/adapter.ts";
import { type Context, type Finding, failure, notChecked, ok, warning } from "../check.ts";
import { type Ask, Unreachable } from "../http.ts";

export async function adapters({ config, ask, timeoutMs }: Context): Promise<Finding[]> {
  const { origin, adapters: enabled } = config;
  if (!origin)
    return [notChecked("there is no APP_ORIGIN for their callbacks", "fix what `origin` reports first")];
  if (enabled.length === 0)
    return [notChecked("no adapter is whole", "fix what `configuration` reports first")];
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
      return [failure(address, `${error.message} (adapter ${adapter.id})`, error.todo)];
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
        "fix the address, or the network between this machine and it",
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
  const departure = await startSignIn(connection, new URL(`/auth/${adapter.id}`, origin));
  const { status } = await ask(departure.location);
  if (status >= 500)
    return [
      failure(
        address,
        `answers ${status} (adapter ${adapter.id})`,
        "see the provider's status page, then the address",
      ),
    ];
  // Every user who signs in would see this error page.
  if (status >= 400)
    return [
      failure(
        [...credentials, "APP_ORIGIN"],
        `are refused where people sign in (${status}, adapter ${adapter.id})`,
        `compare the client id, and register the callback ${callbackUrl.href}`,
      ),
    ];
  const { verdict, detail } = await exchangeFakeCode(connection, callbackUrl, departure, issuer);
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

/** Which of an adapter's own variables say where the provider is, and who we are there. @param env parsed */
function variablesOf(env: unknown) {
  const entries = Object.entries(env as Record<string, unknown>);
  const all = entries.map(([name]) => name);
  const address = entries
    .filter(([, value]) => value instanceof URL || (typeof value === "string" && /^https?:\/\//.test(value)))
    .map(([name]) => name);
  const credentials = all.filter((name) => /_CLIENT_(ID|SECRET)$/.test(name));
  const issuer = entries.find(([name]) => name.endsWith("_ISSUER"))?.[1];
  return {
    address: address.length > 0 ? address : all,
    credentials: credentials.length > 0 ? credentials : all,
    issuer: issuer === undefined ? null : String(issuer),
  };
}

/**
 * Starts a sign-in. `exchangeFakeCode` then returns from it with a code that was never issued: the provider's refusal
 * tells whether it knows our client and secret. Both use only the adapter contract, so they work for every adapter.
 * @throws AdapterError
 */
async function startSignIn(connection: RedirectConnection, start: URL): Promise<Departure> {
  const response = await connection.start(new Request(start, { method: "POST" }));
  const location = new URL(response.headers.get("location") ?? "", start);
  const cookie = response.headers
    .getSetCookie()
    .map((header) => header.split(";", 1)[0])
    .join("; ");
  return { location, cookie };
}

interface Departure {
  location: URL;
  /** What `start` wants to see again in `finish`. */
  cookie: string;
}

type Verdict = "accepted" | "refused" | "wrong_redirect_uri" | "unclear";

const VERDICTS: [RegExp, Verdict][] = [
  // First the code: a provider that speaks of it has looked at the client and let it pass.
  [/\b(invalid_grant|bad_verification_code)\b/, "accepted"],
  [/\bredirect_uri_mismatch\b/, "wrong_redirect_uri"],
  [/\b(invalid_client|incorrect_client_credentials|unauthorized_client|access_denied|401)\b/, "refused"],
];

interface ExchangeResult {
  verdict: Verdict;
  /** What the provider said, in the adapter's own words. */
  detail: string;
}

/**
 * What the provider thinks of our credentials.
 * @param issuer for providers that name themselves in their answer (RFC 9207), with or without a slash at the end
 */
async function exchangeFakeCode(
  connection: RedirectConnection,
  callbackUrl: URL,
  departure: Departure,
  issuer: string | null,
): Promise<ExchangeResult> {
  const bare = issuer?.replace(/\/$/, "");
  const names = bare ? [null, bare, `${bare}/`] : [null];
  let answer: ExchangeResult = { verdict: "unclear", detail: "" };
  for (const name of names) {
    answer = await tryCode(connection, callbackUrl, departure, name);
    // An answer under the wrong name is refused before the provider hears of it.
    if (answer.verdict !== "unclear") break;
  }
  return answer;
}

async function tryCode(
  connection: RedirectConnection,
  callbackUrl: URL,
  { location, cookie }: Departure,
  issuer: string | null,
): Promise<ExchangeResult> {
  const url = new URL(callbackUrl);
  url.searchParams.set("code", randomBytes(16).toString("hex"));
  url.searchParams.set("state", location.searchParams.get("state") ?? "");
  if (issuer !== null) url.searchParams.set("iss", issuer);
  try {
    await connection.finish(new Request(url, { headers: { cookie } }));
    return { verdict: "unclear", detail: "it accepted a code that was never issued" };
  } catch (error) {
    // An AdapterError's text is meant for logs; any other's is not.
    const detail = isAdapterError(error) ? error.message : "it failed";
    return { verdict: VERDICTS.find(([words]) => words.test(detail))?.[1] ?? "unclear", detail };
  }
}
