/** Somebody whom a mock provider knows. */
import * as z from "zod";

/** `id` is the handle that tests and buttons use; `subject` is what the provider calls the person. */
export const personaSchema = z.strictObject({
  id: z.string().min(1),
  subject: z.string().min(1),
  login: z.string().optional(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().optional(),
  picture: z.string().optional(),
});
export type Persona = z.infer<typeof personaSchema>;
