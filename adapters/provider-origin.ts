/** Where a provider may live: https anywhere, plain http on this machine only. */
import * as z from "zod";
import { isLoopback } from "./loopback.ts";

/** A bare origin from an environment variable. @param meaning completes "must be …" */
export const providerOrigin = (meaning: string) =>
  z.string({ error: `is required: set ${meaning}` }).transform((value, context) => {
    const fault = faultOf(value);
    if (!fault) return new URL(value);
    context.addIssue({ code: "custom", message: `${fault}: set ${meaning}` });
    return z.NEVER;
  });

function faultOf(value: string): string | null {
  if (!URL.canParse(value)) return "is not an address";
  const url = new URL(value);
  if (url.username || url.password) return "must not hold a user or password";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url)))
    return "must be https (http is for loopback only)";
  // A path would be dropped silently by every URL built from it.
  return url.pathname !== "/" || url.search || url.hash ? "must be an origin without a path" : null;
}
