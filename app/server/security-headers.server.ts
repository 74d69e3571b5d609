/** The headers of every answer. Documents replace the policy by their own, with a nonce (content-security-policy). */
import type { RequestHandler } from "express";
import helmet from "helmet";
import { framedBy, keepsOpener } from "./framing.server.ts";

/** For data, redirects, files and errors: nothing in them is a page, so nothing may load, frame or be sent on. */
const NO_PAGE = {
  "default-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

export function securityHeaders(origin: URL): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: NO_PAGE },
      // `no-referrer` would turn the Origin of our own forms into "null", and the CSRF wall would refuse them.
      referrerPolicy: { policy: "same-origin" },
      strictTransportSecurity: origin.protocol === "https:" && { maxAge: 31_536_000 },
      xFrameOptions: { action: "deny" },
      // Avatars come from the providers' hosts.
      crossOriginEmbedderPolicy: false,
    }),
    ({ path }, response, next) => {
      // The policy says who may frame it; browsers that know no policy would refuse everybody.
      if (framedBy(path).length > 0) response.removeHeader("x-frame-options");
      if (keepsOpener(path)) response.setHeader("cross-origin-opener-policy", "unsafe-none");
      response.setHeader(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      );
      next();
    },
  ];
}
