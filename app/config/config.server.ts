/**
 * Every environment variable, read once. A fault stops the boot, and all faults are told at once: which
 * variable, what is wrong, what to do. Values are never printed, since any of them may be a secret.
 */
import { randomBytes } from "node:crypto";
import { debugLeaksSecrets, nodeDebugLeaksSecrets } from "#adapters/debug-output.ts";
import { registry as ours, type Registry, shapeOf } from "#adapters/registry.ts";
import { isLoopback } from "#adapters/web-url.ts";
import { type EnabledAdapter, enabledAdapters } from "./adapters.server.ts";
import { ambiguousPair } from "./external-id.server.ts";
import { ConfigError, type ConfigFault, faultsOf } from "./fields.server.ts";
import { misspeltNames } from "./misspelt.server.ts";
import { weaknessOf } from "./secrets.server.ts";
import { type Values, type Variables, variableNames, variables } from "./variables.server.ts";

export { ConfigError };

/** The values of the variables, without those that rules turn into the fields below. */
export interface Config extends Omit<Values, "appOrigin" | "cookieSecure" | "sessionSecret"> {
  /** The one public origin. Tokens are locked to it; redirect URIs and CSRF checks use it. */
  origin: URL;
  /**
   * Whether other machines can reach the app: all that protects a public deployment is judged by this, and by no
   * other variable. A wrong NODE_ENV must not open it.
   */
  exposed: boolean;
  /** Whether Vite's development server runs the app, whose hot reload needs inline styles and a WebSocket. */
  hotReload: boolean;
  secureCookies: boolean;
  /** The first secret seals, all of them open. */
  sessionSecrets: string[];
  ringside: { apiKey: string; url: URL };
  /** In the order of the buttons, each with its own parsed variables. */
  adapters: EnabledAdapter[];
  /** For the log: what is odd and yet no reason not to start. */
  warnings: readonly ConfigFault[];
}

/** A configuration as far as it can be read: a value is null where its variable is at fault. */
export interface ConfigReading {
  values: { [Key in keyof Values]: Values[Key] | null };
  /** Without the empty values. */
  env: Readonly<Record<string, string | undefined>>;
  origin: URL | null;
  exposed: boolean;
  adapters: EnabledAdapter[];
  faults: readonly ConfigFault[];
  warnings: readonly ConfigFault[];
}

/** Browsers look for every such name on their own machine. */
const LOCAL_NAME = /.\.localhost$/;

/** An origin that is missing or cannot be read is taken for a public one. */
const isExposed = (origin: URL | null) =>
  origin === null || !(isLoopback(origin) || LOCAL_NAME.test(origin.hostname));

/**
 * Reads an environment, faults and all. Empty values count as unset, as `.env` files write them.
 * @param registry the adapters that can be named
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  registry: Registry = ours,
): ConfigReading {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const faults: ConfigFault[] = [];
  const warnings: ConfigFault[] = [];
  const fault = (variable: string, problem: string) => faults.push({ variable, problem });
  const warn = (variable: string, problem: string) => warnings.push({ variable, problem });

  const values = readValues(env, fault);
  const { mocks } = values;
  // server.ts and the doctor say "production" whatever the environment says; the Remix CLI says "development".
  const development = env["NODE_ENV"] === "development";
  const origin =
    values.appOrigin ??
    (development && env["APP_ORIGIN"] === undefined ? localOrigin(values.port ?? 3000) : null);
  const exposed = isExposed(origin);
  const mocked = mocks === "dev" || mocks === "demo";

  if (exposed) judgeExposed(env, values, fault);
  else if (mocked && !(values.ringsideUrl && isLoopback(values.ringsideUrl)))
    fault("MOCKS", "needs RINGSIDE_API_URL on loopback: the mocks are nowhere else");

  if (values.metricsPort !== null && values.metricsPort === values.port)
    fault("METRICS_PORT", "must differ from PORT: metrics are not for the users of this app");

  const adapters = enabledAdapters({
    env,
    registry,
    unguardedAllowed: !exposed,
    unguardedByDefault: !exposed && (development || mocked),
    fault,
    warn,
  });
  if (adapters.some(({ adapter }) => adapter.unguarded) && !mocked) {
    // Whatever origin the app is told, the network reaches what listens on it.
    values.host ??= LOOPBACK_HOST;
    if (!/^(localhost|127(\.\d+){3}|::1)$/i.test(values.host))
      fault("HOST", "must be loopback, e.g. 127.0.0.1, while an adapter signs in any user as any other");
  }
  judgeTemplate(values.externalIdTemplate, adapters, origin, fault);
  judgeNames(env, registry, adapters, warn);

  return { values, env, origin, exposed, adapters, faults, warnings };
}

/** @throws ConfigError listing every fault */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  registry: Registry = ours,
): Config {
  const { values, env, origin, exposed, adapters, faults, warnings } = readConfig(environment, registry);
  if (faults.length > 0 || !origin) throw new ConfigError(faults, warnings);
  // Null is what a variable without a default is when it is unset: everything else would be among the faults.
  const { appOrigin: _, cookieSecure, sessionSecret, ...rest } = values as Values;
  return {
    ...rest,
    origin,
    exposed,
    hotReload: !exposed && env["NODE_ENV"] === "development",
    secureCookies: cookieSecure ?? origin.protocol === "https:",
    // On loopback only, where a restart may end the sessions. A constant would be known to everyone.
    sessionSecrets: sessionSecret ?? [randomBytes(32).toString("base64url")],
    ringside: { apiKey: rest.ringsideApiKey, url: rest.ringsideUrl },
    adapters,
    warnings,
  };
}

type Fault = (variable: string, problem: string) => void;

/** Each on its own, so that one variable's fault does not hide what is wrong with another. */
function readValues(env: ConfigReading["env"], fault: Fault): ConfigReading["values"] {
  const values: Partial<Record<keyof Variables, unknown>> = {};
  for (const [key, { name, field }] of Object.entries(variables)) {
    const parsed = field.safeParse(env[name]);
    values[key as keyof Variables] = parsed.data ?? null;
    if (!parsed.success) for (const { problem } of faultsOf(parsed.error)) fault(name, problem);
  }
  return values as ConfigReading["values"];
}

/** What may not be, or must be, where other machines reach the app. */
function judgeExposed(env: ConfigReading["env"], values: ConfigReading["values"], fault: Fault): void {
  const loopback = "unless APP_ORIGIN is loopback, e.g. http://localhost:3000";
  if (env["APP_ORIGIN"] === undefined)
    fault("APP_ORIGIN", "is required: the public origin of this app, e.g. https://usage.example.com");
  if (values.appOrigin && values.appOrigin.protocol !== "https:")
    fault("APP_ORIGIN", "must be https (http is for loopback only)");
  if (values.cookieSecure === false)
    fault(
      "COOKIE_SECURE",
      `must not be 0 ${loopback}: session cookies would travel over plain http, and a neighbouring subdomain could plant its own`,
    );
  if (env["SESSION_SECRET"] === undefined)
    fault("SESSION_SECRET", "is required; make one with: openssl rand -base64 32");
  for (const weakness of new Set((values.sessionSecret ?? []).map(weaknessOf)))
    if (weakness) fault("SESSION_SECRET", `${weakness}; make one with: openssl rand -base64 32`);
  if (values.mocks === "dev" || values.mocks === "demo")
    fault("MOCKS", `must not be set ${loopback}; to deploy, unset it and configure a real adapter`);
  if (env["NODE_ENV"] === "development")
    fault(
      "NODE_ENV",
      `must not be development ${loopback}: the development server shows source code and errors. Use: npm run build && npm start`,
    );
  if (debugLeaksSecrets(env["DEBUG"]))
    fault("DEBUG", `would print client secrets, codes, states and commands to Redis; unset it ${loopback}`);
  for (const variable of ["NODE_DEBUG", "NODE_DEBUG_NATIVE"])
    if (nodeDebugLeaksSecrets(env[variable]))
      fault(variable, `would print requests with their keys and tokens; unset it ${loopback}`);
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0")
    fault(
      "NODE_TLS_REJECT_UNAUTHORIZED",
      "must not be 0: any server could pass for Ringside and take the key. Name your own CA in NODE_EXTRA_CA_CERTS",
    );
}

function judgeTemplate(
  template: string | null,
  adapters: readonly EnabledAdapter[],
  origin: URL | null,
  fault: Fault,
): void {
  const users = adapters.map(({ adapter, env }) => ({
    id: adapter.id,
    issuers: (origin && adapter.issuers?.(env, origin)) ?? [],
  }));
  const pair = template && ambiguousPair(template, users);
  if (pair)
    fault(
      "EXTERNAL_ID_TEMPLATE",
      `could let two users share a Customer, one of ${pair[0]} and one of ${pair[1]}; tell the adapters apart, e.g. {adapter}_{subject}`,
    );
}

function judgeNames(
  env: ConfigReading["env"],
  registry: Registry,
  adapters: readonly EnabledAdapter[],
  warn: Fault,
): void {
  const all = [...registry.all, ...adapters.map(({ adapter }) => adapter)];
  const known = new Set([...variableNames, ...OTHERS, ...all.flatMap((each) => Object.keys(shapeOf(each)))]);
  const own = adapters.flatMap(({ adapter }) => Object.keys(shapeOf(adapter)).map(prefixOf));
  const unread = Object.fromEntries(
    Object.entries(env).filter(([name]) => !registry.isInstanceVariable(name)),
  );
  for (const { name, meant } of misspeltNames(unread, known, own))
    warn(name, `is set, and nothing reads it; the name that comes closest is ${meant}`);
}

/** Names that mean something to what runs this app, so that they are no slips of ours. */
const OTHERS = ["NODE_ENV", "DEBUG", "NODE_DEBUG", "MOCKS_PORT"];

const prefixOf = (name: string) => name.replace(/_.*/, "_");

const LOOPBACK_HOST = "127.0.0.1";

function localOrigin(port: number): URL {
  return new URL(`http://localhost:${port}`);
}

let current: Config | undefined;

/** The configuration of this process, parsed at the first call. @throws ConfigError */
export function config(): Config {
  current ??= parseConfig(process.env);
  return current;
}
