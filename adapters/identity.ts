/** The one gate that every Identity passes, whichever adapter made it: at sign-in, and again from the session. */
import * as z from "zod";
import { AdapterError, type Identity } from "./adapter.ts";
import { isHttpsOrLoopback } from "./web-url.ts";

/** What users are told apart by. It ends up in cookies, logs, URL paths and Ringside's database. */
const key = z
  .string()
  .min(1, { error: "must not be empty" })
  .max(255, { error: "must not be longer than 255 characters" })
  // Lone surrogates all encode to the same bytes in a URL: two users would share one Customer.
  .refine((text) => text.isWellFormed(), { error: "must be well-formed Unicode" })
  .refine((text) => !/\p{Cc}/u.test(text), { error: "must not hold control characters" });

const label = z
  .string()
  .transform((text) =>
    text
      .toWellFormed()
      .replace(/\p{Cc}+/gu, " ")
      .trim(),
  )
  .pipe(z.string().min(1).max(255));

const picture = z
  .string()
  .max(2048)
  .refine((href) => URL.canParse(href) && isHttpsOrLoopback(new URL(href)));

/** Display fields are dropped when unusable: an odd name or picture must not keep a user out. */
const shown = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** Refuses a bad `issuer` or `subject`; drops what cannot be shown and what an Identity does not have. */
export const identitySchema = z
  .object({ issuer: key, subject: key, name: shown(label), email: shown(label), avatarUrl: shown(picture) })
  .transform(
    ({ issuer, subject, name, email, avatarUrl }): Identity => ({
      issuer,
      subject,
      ...(name && { name }),
      ...(email && { email }),
      ...(avatarUrl && { avatarUrl }),
    }),
  );

/**
 * @param issuers those that the connection vouches for (`Connection.issuers`)
 * @throws AdapterError `invalid_response`, naming the field and never its value
 */
export function checkIdentity(identity: unknown, issuers?: readonly string[]): Identity {
  const parsed = identitySchema.safeParse(identity);
  if (parsed.success) {
    if (!issuers || issuers.includes(parsed.data.issuer)) return parsed.data;
    throw new AdapterError("invalid_response", "issuer is not one that the connection vouches for");
  }
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "identity"} ${issue.message}`);
  throw new AdapterError("invalid_response", faults.join("; "));
}
