/** SES: being signed in. */
import { rule } from "./define.ts";

export const sessionRules = [
  rule(
    "SES-1",
    "signing in starts a new session, never one that was there before",
    "a session planted in the victim's browser",
    ["browser"],
    "redirect",
  ),
  rule(
    "SES-2",
    "signing out ends the session for every copy of its cookie, and Back shows no figures",
    "a stolen cookie that outlives its owner's session",
    ["browser"],
    "redirect",
  ),
  rule(
    "SES-3",
    "without a session the dashboard leads to the sign-in page and shows nothing",
    "figures in a page that nobody signed in to",
    ["site"],
  ),
  rule(
    "SES-4",
    "a session cookie that was changed or made up is nobody",
    "a cookie that is read and not authenticated",
    ["site"],
  ),
  rule(
    "SES-5",
    "the session cookie is host-only, and scripts cannot read it",
    "a session taken by a script or a neighbour subdomain",
    ["browser"],
    "redirect",
  ),
  rule(
    "SES-6",
    "signing out signs out at the provider as well, where it has a page for that",
    "the next visitor of a shared computer let in unasked",
    ["contract", "browser"],
    "redirect",
    "end_session",
  ),
];
