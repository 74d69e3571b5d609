/** Where a provider may live: https anywhere, plain http on this machine only. */
import * as z from "zod";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);

/** Whether something of a provider's may be asked for or led to at this address. */
export const isSafe = (url: URL): boolean =>
  !url.username &&
  !url.password &&
  (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)));

/** A page that people are sent to: an address, or a path of the app's own origin, where a proxy may answer. */
export function page() {
  const here = "https://app.invalid";
  return z.string().refine(
    (value) => {
      if (!value.startsWith("/")) return URL.canParse(value) && isSafe(new URL(value));
      return URL.canParse(value, here) && new URL(value, here).origin === here;
    },
    { error: "must be a path such as /oauth2/sign_out, or an https address" },
  );
}

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

/** A required variable that is copied from the provider's console. @param meaning completes "is required: …" */
export const fromConsole = (meaning: string) =>
  z
    .string({ error: `is required: ${meaning}` })
    .regex(/^\S+$/, { error: `must be the bare value, without spaces: ${meaning}` });
