/** ID: who somebody is. */
import { rule } from "./define.ts";

export const identityRules = [
  rule(
    "ID-1",
    "a person whose name, login and e-mail change keeps the subject and the external_id",
    "somebody who loses their figures by marrying or moving",
    ["contract", "browser"],
    "people",
  ),
  rule(
    "ID-2",
    "two people with one name and one e-mail have two subjects and two external_ids",
    "one person reading the spend of another",
    ["contract", "browser"],
    "people",
  ),
  rule(
    "ID-3",
    "a person without name and e-mail can sign in",
    "people with private profiles kept out",
    ["contract", "browser"],
    "people",
  ),
  rule(
    "ID-4",
    "subject and external_id hold no e-mail, name or login",
    "an account that goes to whoever gets the address or login next",
    ["contract"],
    "people",
  ),
  rule(
    "ID-5",
    "external_id is a pure function of issuer and subject, and starts with the adapter's id",
    "an external_id that changes with the profile or collides with another provider's",
    ["contract"],
  ),
  rule(
    "ID-6",
    "subjects that look alike have external_ids of their own",
    "an external_id cut off, lower-cased or cleaned until two people share one",
    ["contract"],
  ),
  rule(
    "ID-7",
    "issuer and subject are the provider's own, fit to be kept, and equal at each sign-in",
    "an invented issuer, or a subject that is made anew",
    ["contract"],
  ),
  rule(
    "ID-8",
    "an e-mail is told when the provider says that it is verified, and not otherwise",
    "an address shown, and believed, that is somebody else's",
    ["contract"],
    "people",
    "email",
  ),
  rule(
    "ID-9",
    "a request without a proof is nobody, without an error",
    "a page that fails instead of asking to sign in",
    ["contract"],
    "ambient",
  ),
  rule(
    "ID-10",
    "a proof that is unsigned, forged or changed is refused",
    "anybody who can write JSON signing in as anybody",
    ["contract"],
    "ambient",
  ),
  rule(
    "ID-11",
    "a token that has expired, never expires, is from the future, for or from others, or of another kind is refused",
    "a JWT of another app or of last year",
    ["contract"],
    "ambient",
  ),
  rule(
    "ID-12",
    "what is logged of a refused proof holds nothing of it",
    "proofs in the log, good for whoever reads it",
    ["contract"],
    "ambient",
  ),
];
