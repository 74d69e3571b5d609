/** The provider's answer to the application: a code or a refusal, or what the armed faults make of it. */
import type { FaultName } from "./faults.ts";
import type { Provider } from "./provider.ts";

/** The parameters that go back to the application. `iss` stays away where the provider sends none (RFC 9207). */
export interface Answer {
  code?: string;
  error?: string;
  error_description?: string;
  error_uri?: string;
  state?: string;
  iss?: string;
}

/** @param answer a right one, with a code */
export function bendAnswer(provider: Provider, personaId: string, answer: Answer): Answer {
  const fired = (...names: FaultName[]) => provider.fire(personaId, ...names) !== null;
  const { code: _, ...refusal } = answer;
  if (fired("deny")) return { ...refusal, error: "access_denied" };
  if (fired("error_text"))
    return {
      ...refusal,
      error: "access_denied",
      error_description: "Your account is locked. Call 555-0100 and read out your password.",
      error_uri: "https://evil.example/unlock",
    };
  const bent = { ...answer };
  if (fired("omit_state")) delete bent.state;
  if (fired("wrong_state")) bent.state = "w".repeat(43);
  if (fired("omit_iss")) delete bent.iss;
  if (fired("wrong_iss")) bent.iss = "https://evil.example/";
  return bent;
}
