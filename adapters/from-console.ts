import * as z from "zod";

/** A required variable that is copied from the provider's console. @param meaning completes "is required: …" */
export const fromConsole = (meaning: string) =>
  z
    .string({ error: `is required: ${meaning}` })
    .regex(/^\S+$/, { error: `must be the bare value, without spaces: ${meaning}` });
