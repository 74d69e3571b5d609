/** For `npm run doctor`: whether keys are published where the `jwt` adapter will look for them. */
import * as z from "zod";
import { AdapterError, type ProbeFault } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";

const keySet = z.object({ keys: z.array(z.object({ kty: z.string() })).min(1) });

/** @param variable the one that holds `url` @throws AdapterError `provider_unavailable` when nobody answers */
export async function probeKeys(variable: string, url: string, signal: AbortSignal): Promise<ProbeFault[]> {
  // One address for each key, and which keys there are is known to tokens only.
  if (url.includes("{kid}")) return [];
  const response = await providerFetch(url, { signal }).catch((error: unknown) => {
    throw new AdapterError("provider_unavailable", `keys: ${describeError(error)}`);
  });
  if (response.status !== 200)
    return [{ variable, problem: `publishes no keys (status ${response.status})` }];
  const body: unknown = await response.json().catch(() => null);
  return keySet.safeParse(body).success
    ? []
    : [{ variable, problem: "publishes something that is no key set" }];
}
