/** MINT: our one endpoint. TOK: the life of a Client Token. XO: what crosses origins. */
import { type Layer, rule } from "./define.ts";

const site: Layer[] = ["site"];
const browser: Layer[] = ["browser"];

export const tokenRules = [
  rule(
    "MINT-1",
    "signed out, the mint answers 401 JSON and no redirect",
    "a script that reads a sign-in page as a token",
    site,
  ),
  rule(
    "MINT-2",
    "the mint takes POSTs of its own origin alone; a missing Origin is another one",
    "a hostile page that mints with its reader's cookies",
    site,
  ),
  rule(
    "MINT-3",
    "no answer of the mint may be kept or read by other origins",
    "a token in a shared cache or readable elsewhere",
    site,
  ),
  rule(
    "MINT-4",
    "Ringside receives this origin, two endpoints and the session's own Customer, whatever the body says",
    "a token for somebody else, without origin, or for everything",
    browser,
    "redirect",
  ),
  rule(
    "MINT-5",
    "Ringside failing at the mint is a problem with our code, without a word of Ringside's",
    "internal errors shown to users",
    browser,
    "redirect",
  ),
  rule(
    "TOK-1",
    "no server secret and no token is in any address, page, script or storage",
    "the key in the page",
    ["site", "browser"],
  ),
  rule(
    "TOK-2",
    "a token is renewed before it expires, and no request is refused",
    "a gap every five minutes",
    browser,
    "redirect",
  ),
  rule(
    "TOK-4",
    "a 401 costs exactly one more mint and exactly one more request",
    "a storm of mints, or a page that stops",
    browser,
    "redirect",
  ),
  rule("TOK-5", "401 for ever: it stops and says so", "asking for tokens for ever", browser, "redirect"),
  rule("TOK-6", "403 never mints again", "a storm of mints for a wrong origin", browser, "redirect"),
  rule(
    "TOK-7",
    "429 waits as long as Retry-After says, with the last figures on the page",
    "a client that makes an overload worse",
    browser,
    "redirect",
  ),
  rule(
    "TOK-8",
    "a clock ten minutes wrong does no harm",
    "tokens that seem to have expired",
    browser,
    "redirect",
  ),
  rule(
    "TOK-10",
    "sleeping past expiry costs one mint",
    "a laptop that wakes to an error",
    browser,
    "redirect",
  ),
  rule(
    "TOK-11",
    "signing out in one tab stops the others at once",
    "figures after a sign-out",
    browser,
    "redirect",
  ),
  rule(
    "TOK-12",
    "another person in another tab never sees the first one's figures",
    "two people's figures on one page",
    browser,
    "redirect",
  ),
  rule(
    "XO-1",
    "figures are asked for across origins, with a real preflight that is allowed and kept",
    "a proxy of ours, or a preflight per poll",
    browser,
    "redirect",
  ),
  rule(
    "XO-2",
    "Ringside receives no cookie",
    "credentials sent where they are not needed",
    browser,
    "redirect",
  ),
  rule(
    "XO-3",
    "CORS refused: the last figures stay, and the page says so",
    "an empty page, or figures of unknown age",
    browser,
    "redirect",
  ),
  rule(
    "XO-4",
    "a token is refused by Ringside on another origin, and reads nothing but its own Customer",
    "a stolen token that is worth something",
    browser,
    "redirect",
  ),
];
