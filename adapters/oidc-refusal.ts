/** What openid-client throws, as our own error: its text and causes hold what the provider wrote, and tokens. */
import { ClientError } from "openid-client";
import * as z from "zod";
import { AdapterError } from "./adapter.ts";
import { describeError } from "./describe-error.ts";

/** The provider answered, and its answer is not to be trusted; anything else is a provider that failed. */
const UNTRUSTED = /^OAUTH_(INVALID_RESPONSE|JWT_|JSON_ATTRIBUTE_|KEY_SELECTION_|UNSUPPORTED_OPERATION)/;

/** The library's own name of the claim it did not like. */
const claimed = z.object({ cause: z.object({ cause: z.object({ claim: z.string() }) }) });

/** @param step for the log: what was being done */
export function oidcRefusal(step: string, error: unknown): AdapterError {
  const untrusted = error instanceof ClientError && UNTRUSTED.test(error.code ?? "");
  const claim = claimed.safeParse(error).data?.cause.cause.claim;
  return new AdapterError(
    untrusted ? "invalid_response" : "provider_unavailable",
    `${step}: ${describeError(error)}${claim ? ` ${claim}` : ""}`,
  );
}
