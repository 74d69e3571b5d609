/** Everything the app itself would refuse to start with, and quotes that a shell would have removed. */
import type { Context } from "../check.ts";
import { type Finding, failure, ok } from "../finding.ts";

export function configuration({ subject: { env, faults } }: Context): Finding[] {
  const findings = [
    ...faults.map(({ variable, problem, adapter }) =>
      failure(
        variable.split(", "),
        adapter ? `${problem} (adapter ${adapter})` : problem,
        "the app does not start like this; .env.example explains the variable",
      ),
    ),
    ...quoted(env),
  ];
  return findings.length > 0 ? findings : [ok("every variable can be read")];
}

/** Node's .env reader and shells remove quotes; `docker --env-file`, Kubernetes and systemd hand them over. */
function quoted(env: Context["subject"]["env"]): Finding[] {
  return Object.entries(env)
    .filter(([name, value]) => OURS.test(name) && /^(["']).*\1$/s.test(value ?? ""))
    .map(([name]) =>
      failure(name, "has quotes around its value, which count as part of it", "remove the quotes"),
    );
}

const OURS =
  /^(APP|SESSION|RINGSIDE|AUTH|AUTH0|GITHUB|OIDC|JWT|EXTERNAL_ID|CLIENT_TOKEN|POLL|REDIS|PRODUCT)_|^PORT$/;
