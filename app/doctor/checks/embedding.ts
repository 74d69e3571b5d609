/** EMBED_ORIGINS as browsers meet it: what is left of our policy behind the proxies in front. */
import { type Reply, Unreachable } from "../ask.ts";
import type { Context } from "../check.ts";
import { type Finding, failure, notChecked, ok } from "../finding.ts";

const VARIABLE = "EMBED_ORIGINS";

export async function embedding({ subject, ask }: Pick<Context, "subject" | "ask">): Promise<Finding[]> {
  const { embedOrigins, origin } = subject;
  // At fault: `configuration` says how.
  if (!embedOrigins) return [];
  if (embedOrigins.length === 0) return [ok("off: no other site shows the dashboard")];
  if (!origin) return [notChecked("there is no APP_ORIGIN", "mend what `configuration` says first")];
  try {
    return [whoMayFrame(embedOrigins, await ask(new URL("/embed", origin)))];
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return [notChecked("nobody answers at APP_ORIGIN", "see what `origin` says")];
  }
}

function whoMayFrame(origins: readonly string[], { status, headers }: Reply): Finding {
  if (status === 401 || status === 403 || (status >= 300 && status < 400))
    return notChecked(`a sign-in in front answers first (${status})`, "look at /embed in a browser");
  if (status === 404)
    return failure(VARIABLE, "is not what the app there was started with (404)", "start it anew with it");
  // A proxy's own policy comes on top of ours, and a browser obeys them all.
  const policies = (headers.get("content-security-policy") ?? "")
    .split(",")
    .flatMap((policy) => /frame-ancestors ([^;]*)/.exec(policy)?.[1] ?? [])
    .map((sources) => sources.trim().split(/\s+/));
  const shut = origins.filter((origin) => !policies.every((sources) => sources.includes(origin)));
  if (policies.length === 0 || shut.length > 0)
    return failure(
      VARIABLE,
      `does not reach browsers: the policy of /embed shuts out ${(policies.length === 0 ? origins : shut).join(", ")}`,
      "start the app there with this configuration, and let the proxy in front leave Content-Security-Policy alone",
    );
  return ok(`${origins.join(", ")} may show the dashboard`);
}
