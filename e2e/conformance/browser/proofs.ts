/**
 * Which tests prove the rules of the browser layer. They live where they are read, in the journeys and the security
 * suite, and are not written twice; `meta.test.ts` fails when one of them is gone or has another title.
 */
export interface Proof {
  /** Below `e2e/`. */
  spec: string;
  /** A part of the title, as it is written in the file. */
  title: string;
}

const from = (spec: string, ...titles: string[]): Proof[] => titles.map((title) => ({ spec, title }));

const signIn = "journeys/sign-in.spec.ts";
const customer = "journeys/customer.spec.ts";
const rotation = "journeys/rotation.spec.ts";
const faults = "live/faults.spec.ts";
const presence = "live/presence.spec.ts";
const mint = "security/mint.spec.ts";
const origin = "security/origin.spec.ts";

export const browserProofs: Readonly<Record<string, readonly Proof[]>> = {
  "START-8": from(signIn, "the way back is the page asked for; another site is not"),
  "CB-1": from(signIn, "there and back: the figures are Ringside's, of this person's own Customer"),
  "CB-5": from(mint, "a forged or replayed callback signs nobody in"),
  "CB-6": from(signIn, "who says no at the provider reads our words, not the provider's"),
  "ID-1": from(customer, "a changed name and login keep the external_id"),
  "ID-2": from(customer, "two people with one name and login never share a Customer"),
  "ID-3": from(signIn, "somebody without a name or an e-mail can sign in"),
  "SES-1": from(mint, "sign-in never continues an old session"),
  "SES-2": [
    ...from(mint, "a copy of the session cookie dies at sign-out"),
    ...from(signIn, "after signing out, Back shows no figures"),
  ],
  "SES-5": from(mint, "a session cookie is host-only, hidden from scripts, and worthless when changed"),
  "SES-6": from(signIn, "signing out signs out at the provider as well"),
  "MINT-4": [
    ...from(mint, "the body cannot choose whose token it is"),
    ...from(origin, "tokens are minted for this origin and these two endpoints alone"),
  ],
  "MINT-5": from(mint, "and nothing of it leaks"),
  "MINT-6": from("security/limits.spec.ts", "more than sixty mints a minute are refused"),
  "TOK-1": from(mint, "no secret is in any response, page, script, storage or log"),
  "TOK-2": from(rotation, "early rotation: renewed before expiry"),
  "TOK-4": from(rotation, "401 expiry rotation: exactly one more mint, exactly one retried request"),
  "TOK-5": from(rotation, "401 for ever: it stops asking for tokens and says why"),
  "TOK-6": from(rotation, "403 never asks for another token"),
  "TOK-7": from(faults, "429 with Retry-After in "),
  "TOK-8": from(rotation, "a local clock ten minutes"),
  "TOK-9": from(
    presence,
    "a hidden tab asks for nothing; back after its token's end, it mints once and is live",
  ),
  "TOK-10": from(rotation, "a laptop that slept past expiry comes back with one mint"),
  "TOK-11": from(signIn, "signing out in one tab stops the other at once"),
  "TOK-12": from(
    origin,
    "another person in another tab: the first page never shows the second one's figures",
  ),
  "TOK-13": from(presence, "tokens that live for 60 s are renewed in time, and not at every poll"),
  "XO-1": from(customer, "one preflight serves many polls"),
  "XO-2": from(customer, "one preflight serves many polls"),
  "XO-3": from(faults, "Ringside is out of reach"),
  "XO-4": from(
    origin,
    "a stolen token is refused by Ringside",
    "a token reads its own Customer's row and daily usage",
  ),
};

export const browserSpecs = [
  ...new Set(Object.values(browserProofs).flatMap((all) => all.map(({ spec }) => spec))),
];
