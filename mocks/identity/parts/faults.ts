/** How a mock provider misbehaves on demand. */
import { HttpResponse } from "msw";
import * as z from "zod";

/** Faults of id_tokens, at every provider that issues them. */
export const ID_TOKEN_FAULTS = [
  "id_token_alg_none",
  "id_token_bad_signature",
  "id_token_wrong_aud",
  "id_token_wrong_iss",
  "id_token_wrong_nonce",
  "id_token_expired",
  "id_token_future_iat",
  "id_token_wrong_azp",
  "id_token_no_azp",
  "id_token_access_token",
  "id_token_logout_token",
] as const;

/** One fault, towards one persona (`*` for what concerns no persona). `delay_ms` is for `slow`. */
export const faultSchema = z.strictObject({
  persona: z.string().min(1),
  fault: z.enum([
    "deny",
    "error_text",
    "omit_state",
    "wrong_state",
    "wrong_iss",
    "omit_iss",
    "token_500",
    "token_error_200",
    "token_redirect",
    "token_garbage",
    "slow",
    "profile_500",
    "profile_wrong_subject",
    "metadata_wrong_issuer",
    "metadata_link_local",
    ...ID_TOKEN_FAULTS,
    "id_token_hs256",
    "id_token_unknown_key",
  ]),
  times: z.int().positive().nullable().default(1),
  delay_ms: z.number().nonnegative().default(15_000),
});
export type Fault = z.infer<typeof faultSchema>;
export type FaultName = Fault["fault"];

/** Where the armed faults are; see `createProvider`. */
export interface FaultSource {
  /** Spends a fault of one of these names that is armed for the persona. */
  fire(persona: string, ...names: FaultName[]): Fault | null;
  /** How the fault `slow` waits. */
  sleep(ms: number): Promise<void>;
}

/** The parameters that go back to the application. `iss` stays away where the provider sends none (RFC 9207). */
export interface AuthResponse {
  code?: string;
  error?: string;
  error_description?: string;
  error_uri?: string;
  state?: string;
  iss?: string;
}

/** The redirect's parameters after the armed faults. @param response the correct ones, with a code */
export function withAuthFaults(source: FaultSource, personaId: string, response: AuthResponse): AuthResponse {
  const fired = (...names: FaultName[]) => source.fire(personaId, ...names) !== null;
  const { code: _, ...error } = response;
  if (fired("deny")) return { ...error, error: "access_denied" };
  if (fired("error_text"))
    return {
      ...error,
      error: "access_denied",
      error_description: "Your account is locked. Call 555-0100 and read out your password.",
      error_uri: "https://evil.example/unlock",
    };
  const changed = { ...response };
  if (fired("omit_state")) delete changed.state;
  if (fired("wrong_state")) changed.state = "w".repeat(43);
  if (fired("omit_iss")) delete changed.iss;
  if (fired("wrong_iss")) changed.iss = "https://evil.example/";
  return changed;
}

/** What the armed faults answer in place of tokens, and when; null when it is left to the source. */
export async function tokenFault(source: FaultSource, { id }: { id: string }): Promise<Response | null> {
  const slow = source.fire(id, "slow");
  if (slow) await source.sleep(slow.delay_ms);
  switch (source.fire(id, "token_500", "token_error_200", "token_redirect", "token_garbage")?.fault) {
    case "token_500":
      return new HttpResponse("upstream failure", { status: 500 });
    case "token_error_200":
      return HttpResponse.json({ error: "server_error", error_description: "text of the provider" });
    case "token_redirect":
      return new HttpResponse(null, { status: 302, headers: { location: "/elsewhere" } });
    case "token_garbage":
      return new HttpResponse('{"access_token": ', { headers: { "content-type": "application/json" } });
    default:
      return null;
  }
}

/** What an armed fault answers in place of the profile; null when none is armed. */
export function userinfoFault(source: FaultSource, { id }: { id: string }): Response | null {
  switch (source.fire(id, "profile_500", "profile_wrong_subject")?.fault) {
    case "profile_500":
      return new Response(null, { status: 500 });
    case "profile_wrong_subject":
      return Response.json({ sub: "another-user", name: "Another User" });
    default:
      return null;
  }
}
