/** Everything the app itself would refuse to start with, and quotes that a shell would have removed. */
import { registry, shapeOf } from "#adapters/registry.ts";
import { variableNames } from "#app/config/variables.server.ts";
import { type Context, type Finding, failure, ok, warning } from "../check.ts";
import type { DoctorConfig } from "../config.ts";

export function configuration({ config: { env, faults, warnings } }: Context): Finding[] {
  const findings = [
    ...faults.map(({ variable, problem }) =>
      failure(
        variable.split(", "),
        problem,
        "the app does not start like this; .env.example explains the variable",
      ),
    ),
    ...warnings.map(({ variable, problem }) => warning(variable, problem, "correct it, or unset it")),
    ...quoted(env),
  ];
  return findings.length > 0 ? findings : [ok("every variable can be read")];
}

/** Node's .env reader and shells remove quotes; `docker --env-file`, Kubernetes and systemd hand them over. */
function quoted(env: DoctorConfig["env"]): Finding[] {
  return Object.entries(env)
    .filter(([name, value]) => isOurs(name) && /^(["']).*\1$/s.test(value ?? ""))
    .map(([name]) =>
      failure(name, "has quotes around its value, which count as part of it", "remove the quotes"),
    );
}

/** `OIDC_OKTA_ISSUER` is ours as `OIDC_ISSUER` is, even if AUTH_ADAPTERS does not list that instance. */
const prefixes = registry.all.flatMap((adapter) =>
  Object.keys(shapeOf(adapter)).map((name) => name.replace(/_.*/, "_")),
);
const isOurs = (name: string) =>
  variableNames.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
