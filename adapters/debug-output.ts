/**
 * Debugging output that libraries and Node print around the log: requests with their codes and states, client secrets,
 * commands to Redis, headers with the Bearer key. None of them can be told to leave those out.
 */

/** How the namespaces begin under which something that this app runs prints through the `debug` package. */
const DEBUG_NAMESPACES = [
  "Auth0Strategy",
  "GitHubStrategy",
  "OAuth2Strategy",
  "body-parser",
  "compression",
  "connect",
  "express",
  "finalhandler",
  "ioredis",
  "openid-client",
  "remix",
  "router",
  "send",
  "vite",
];

/** Sections of `NODE_DEBUG` that print about the process itself, and nothing that passes through it. */
const HARMLESS_SECTIONS = ["cluster", "esm", "module", "timer", "timers"];

/** What platforms set although no namespace has that name. */
const SWITCHES = ["0", "1", "true", "false", "yes", "no", "on", "off"];

/**
 * Whether `DEBUG` could make a library print. Exclusions (`-express:*`) are not counted in its favour, and neither are
 * the regular expressions that old versions of `debug` read into a pattern: judged too strictly, nothing leaks.
 */
export function debugLeaksSecrets(debug: string | undefined): boolean {
  return patternsIn(debug).some((pattern) => {
    if (pattern.startsWith("-")) return false;
    const [, start = "", rest = ""] = /^([\w:/@-]*)(.*)$/s.exec(pattern) ?? [];
    if (rest !== "" && !rest.startsWith("*")) return true;
    return DEBUG_NAMESPACES.some((name) =>
      rest === ""
        ? new RegExp(`^${name}(?![A-Za-z])`, "i").test(start)
        : name.toLowerCase().startsWith(start.toLowerCase()) ||
          start.toLowerCase().startsWith(name.toLowerCase()),
    );
  });
}

/** Whether `NODE_DEBUG` or `NODE_DEBUG_NATIVE` could make Node print headers, addresses or the environment. */
export const nodeDebugLeaksSecrets = (sections: string | undefined): boolean =>
  patternsIn(sections).some(
    (section) => ![...HARMLESS_SECTIONS, ...SWITCHES].includes(section.toLowerCase()),
  );

const patternsIn = (value = "") => value.split(/[\s,]+/).filter(Boolean);
