/** The last net under every line: no check prints a secret, and if one ever did, this would catch it. */
import type { Environment } from "./subject.ts";

const SECRET = /(SECRET|KEY|PASSWORD|TOKEN)$/;

/** Replaces whatever the environment holds as a secret, and anything shaped like a JWT. */
export function createRedact(env: Environment): (text: string) => string {
  const secrets = Object.entries(env)
    .flatMap(([name, value = ""]) => {
      if (SECRET.test(name)) return [value, ...value.split(",").map((part) => part.trim())];
      return URL.canParse(value) ? [new URL(value).password] : [];
    })
    // A word such as "id" would be cut out of sentences.
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text)
      .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[redacted]");
}
