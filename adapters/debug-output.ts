/** What the auth libraries print when they are told to. */

/** The namespaces under which the strategies of the remix-auth family print through `debug`. */
const STRATEGY_NAMESPACES = ["GitHubStrategy", "Auth0Strategy", "OAuth2Strategy"];

/**
 * Whether a `DEBUG` variable makes the strategies print client secrets, state and verifiers. They cannot be told
 * not to, so a configuration for production has to refuse it.
 */
export function debugLeaksSecrets(debug: string | undefined): boolean {
  const patterns = (debug ?? "").split(/[\s,]+/).filter(Boolean);
  const matches = (namespace: string, wanted: readonly string[]) =>
    wanted.some((pattern) =>
      new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`).test(namespace),
    );
  const skipped = patterns.filter((pattern) => pattern.startsWith("-")).map((pattern) => pattern.slice(1));
  return STRATEGY_NAMESPACES.some(
    (namespace) => matches(namespace, patterns) && !matches(namespace, skipped),
  );
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
