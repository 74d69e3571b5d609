/** How a mock provider can misbehave on demand. */
import * as z from "zod";

/** What can be wrong with an id_token at every provider that gives one. */
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

/** One misbehaviour, towards one persona (`*` for what nobody is part of). `delay_ms` is for `slow`. */
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
