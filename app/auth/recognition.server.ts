/** Nobody can be recognised at the moment. It is no answer to "are they signed in?", and must not be taken for a no. */

/** What does not answer: where sessions are kept, or whoever publishes the keys of the proofs on requests. */
export type Away = "session_store_unavailable" | "proof_unverifiable";

export class RecognitionError extends Error {
  readonly code: Away;
  constructor(code: Away, options?: ErrorOptions) {
    super(code, options);
    this.name = "RecognitionError";
    this.code = code;
  }
}

/** The answer, or the error: every caller has to say what it does then. */
export async function orAway<T>(answer: Promise<T>): Promise<T | RecognitionError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RecognitionError) return error;
    throw error;
  }
}

export const isAway = (answer: unknown): answer is RecognitionError => answer instanceof RecognitionError;
