/** START: leaving for the provider. */
import { rule } from "./define.ts";

export const startRules = [
  rule(
    "START-1",
    "only a POST of the app's own page starts a sign-in",
    "a link or an image on another site that signs its reader in as somebody else",
    ["site"],
    "redirect",
  ),
  rule(
    "START-2",
    "the redirect leads to a declared origin, whatever the start's address says",
    "an open redirect through the start's query",
    ["contract"],
    "redirect",
  ),
  rule(
    "START-3",
    "state has at least 128 bits and is new each time",
    "a state that is fixed, counted or guessed",
    ["contract"],
    "redirect",
  ),
  rule(
    "START-4",
    "the provider receives an S256 challenge that is new each time",
    "no PKCE, plain PKCE, or one verifier for everybody",
    ["contract"],
    "redirect",
    "pkce",
  ),
  rule(
    "START-5",
    "the provider receives the configured callback byte for byte, whatever host the request names",
    "a redirect_uri made from the Host header",
    ["contract"],
    "redirect",
  ),
  rule(
    "START-6",
    "an attempt is one cookie that scripts cannot read and that lives ten minutes at most",
    "state or verifier readable in the browser, or kept for ever",
    ["contract"],
    "redirect",
  ),
  rule(
    "START-7",
    "the provider receives the same questions whatever query the start was called with",
    "scopes, prompts or codes passed on from a link",
    ["contract"],
    "redirect",
  ),
  rule(
    "START-8",
    "a hostile way back leads to the dashboard",
    "an open redirect after signing in",
    ["browser"],
    "redirect",
  ),
  rule(
    "START-9",
    "sixty abandoned attempts leave less than 8 kB of cookies, and the next one works",
    "a header that grows until the server refuses it",
    ["contract"],
    "redirect",
  ),
  rule(
    "START-10",
    "the provider receives a nonce that is new each time",
    "a replayed id_token",
    ["contract"],
    "redirect",
    "nonce",
  ),
];
