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
    ["site", "browser"],
  ),
  rule(
    "MINT-5",
    "Ringside failing at the mint is a problem with our code, without a word of Ringside's",
    "internal errors shown to users",
    browser,
  ),
  rule(
    "MINT-6",
    "more than a person needs is answered 429 with Retry-After, and Ringside hears nothing of it",
    "one page, or one thief, that mints for the whole company's account",
    browser,
  ),
  rule(
    "MINT-7",
    "signed in, the mint answers a token and when it expires",
    "a deployment whose key, origin or Customer Ringside refuses",
    site,
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
  ),
  rule(
    "TOK-4",
    "a 401 costs exactly one more mint and exactly one more request",
    "a storm of mints, or a page that stops",
    browser,
  ),
  rule("TOK-5", "401 for ever: it stops and says so", "asking for tokens for ever", browser),
  rule("TOK-6", "403 never mints again", "a storm of mints for a wrong origin", browser),
  rule(
    "TOK-7",
    "429 waits as long as Retry-After says, with the last figures on the page",
    "a client that makes an overload worse",
    browser,
  ),
  rule("TOK-8", "a clock ten minutes wrong does no harm", "tokens that seem to have expired", browser),
  rule(
    "TOK-9",
    "a hidden page asks for nothing, and is up to date at once when it is seen again",
    "a forgotten tab that polls and mints all night",
    browser,
  ),
  rule("TOK-10", "sleeping past expiry costs one mint", "a laptop that wakes to an error", browser),
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
    "TOK-13",
    "a token of 60 s is renewed before its end, and not at every poll",
    "a mint per poll where Ringside keeps lifetimes short",
    browser,
  ),
  rule(
    "XO-1",
    "figures are asked for across origins, with a real preflight that is allowed and kept",
    "a proxy of ours, or a preflight per poll",
    browser,
  ),
  rule("XO-2", "Ringside receives no cookie", "credentials sent where they are not needed", browser),
  rule(
    "XO-3",
    "CORS refused: the last figures stay, and the page says so",
    "an empty page, or figures of unknown age",
    browser,
  ),
  rule(
    "XO-4",
    "a token is refused by Ringside on another origin, and reads nothing but its own Customer",
    "a stolen token that is worth something",
    browser,
  ),
];
