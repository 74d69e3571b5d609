/** Addresses of pages and documents at a provider: https, or plain http on this machine. */
import * as z from "zod";
import { isLoopback } from "./loopback.ts";

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
