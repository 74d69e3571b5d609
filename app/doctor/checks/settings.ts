/** Settings that are allowed and yet seldom meant. */
import { type Context, type Finding, ok, warning } from "../check.ts";
import type { DoctorConfig } from "../config.ts";

const LONG_TOKEN_SECONDS = 900;
const LONG_SESSION_SECONDS = 31 * 86_400;
/** A visible page renews its token about every 4 minutes, and that renewal is often its only request. */
const SHORT_IDLE_SECONDS = 300;

export function settings({ config }: Context): Finding[] {
  const findings = [...tokens(config), ...sessions(config), ...proxy(config), ...debug(config)];
  return findings.length > 0 ? findings : [ok("nothing unusual")];
}

function* tokens({
  clientTokenTtlSeconds: ttlSeconds,
  pollIntervalSeconds: pollSeconds,
}: DoctorConfig): Generator<Finding> {
  if (ttlSeconds !== null && ttlSeconds > LONG_TOKEN_SECONDS)
    yield warning(
      "CLIENT_TOKEN_TTL_SECONDS",
      `lets a stolen token live ${ttlSeconds} s`,
      "300 is enough: pages renew their tokens by themselves",
    );
  // A token is renewed well before its end, so with these two most polls would come with a mint of their own.
  if (ttlSeconds !== null && pollSeconds !== null && pollSeconds * 2 > ttlSeconds)
    yield warning(
      ["POLL_INTERVAL_SECONDS", "CLIENT_TOKEN_TTL_SECONDS"],
      `make nearly every poll mint a token first (${pollSeconds} s and ${ttlSeconds} s)`,
      "let a token live for several polls",
    );
}

function* sessions({ sessionMaxAgeSeconds, sessionIdleSeconds }: DoctorConfig): Generator<Finding> {
  if (sessionIdleSeconds !== null && sessionIdleSeconds < SHORT_IDLE_SECONDS)
    yield warning(
      "SESSION_IDLE_SECONDS",
      `signs users out after ${sessionIdleSeconds} s, even while they look at the page: it sends a request about every 4 minutes`,
      `set it to ${SHORT_IDLE_SECONDS} or more`,
    );
  if (sessionMaxAgeSeconds !== null && sessionMaxAgeSeconds > LONG_SESSION_SECONDS)
    yield warning(
      "SESSION_MAX_AGE_SECONDS",
      `keeps people signed in for ${Math.round(sessionMaxAgeSeconds / 86_400)} days`,
      "a month at most is usual",
    );
}

function* proxy({ origin, trustProxy }: DoctorConfig): Generator<Finding> {
  // This app speaks http, so https means that a proxy stands in front of it.
  if (origin?.protocol === "https:" && trustProxy === 0)
    yield warning(
      "TRUST_PROXY",
      "is 0, but https means that a proxy stands in front: to limits and logs all people share its address",
      "set it to the number of proxies, usually 1",
    );
  if (origin?.protocol === "http:" && trustProxy !== null && trustProxy > 0)
    yield warning(
      "TRUST_PROXY",
      "believes X-Forwarded-For, but http means that no proxy in front writes it",
      "set it to 0",
    );
}

function* debug({ env, faults }: DoctorConfig): Generator<Finding> {
  if (env["DEBUG"] && !faults.some(({ variable }) => variable === "DEBUG"))
    yield warning("DEBUG", "is set on a public origin; it makes libraries print around the log", "unset it");
}
