/** Which of an adapter's own variables say where the provider is, and who we are there. @param env parsed */
export function variablesOf(env: unknown) {
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
