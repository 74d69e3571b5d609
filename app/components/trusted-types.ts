/**
 * DOM XSS protection: no code of ours turns text into markup. With `require-trusted-types-for`
 * (content-security-policy.server.ts) the browser applies this policy to any code that tries, also in libraries.
 */

/** React creates script elements from this when it renders an error page in the browser. They never run. */
const REACT_SCRIPT = "<script></script>";

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

/** Call once per page, before anything renders. Does nothing in browsers without Trusted Types. */
export function refuseMarkupFromText(
  factory = (globalThis as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes,
): void {
  // Empties the text instead of throwing: an exception while an error page renders would leave a blank page. There is
  // no rule for scripts and script URLs, so the browser refuses those.
  factory?.createPolicy("default", { createHTML: (text) => (text === REACT_SCRIPT ? text : "") });
}
