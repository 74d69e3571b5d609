/**
 * Text that becomes markup is how a page is taken over, and no code of ours does it. With `require-trusted-types-for`
 * (content-security-policy.server.ts) the browser asks this policy about any that tries, in us or in a library.
 */

/** What React makes its script elements from, when it renders an error page in the browser. Such scripts never run. */
const REACTS_SCRIPT = "<script></script>";

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

/** Once per page, before anything renders. Browsers without Trusted Types go on without. */
export function refuseMarkupFromText(
  factory = (globalThis as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes,
): void {
  // Emptied rather than refused: an exception in the middle of an error page would leave no page at all. There is no
  // rule for scripts and their addresses, so those are refused.
  factory?.createPolicy("default", { createHTML: (text) => (text === REACTS_SCRIPT ? text : "") });
}
