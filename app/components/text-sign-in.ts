/** The words of the sign-in page. */
export const signInText = {
  heading: "Sign in",
  lead: "See what you spend on AI, live.",
  with: (label: string) => `Continue with ${label}`,
  choose: (label: string) => `Continue with ${label} as`,
  through: (label: string) => `Sign in through ${label}`,
  openFrom: (label: string) => `You reach this page through ${label}. Open it from there, or load it again.`,
  none: "No way to sign in is configured. Whoever runs this app must set AUTH_ADAPTERS.",
} as const;

/** By AdapterErrorCode, and by the codes the routes add. */
export const signInProblemText = {
  access_denied: "You did not allow the sign-in. Nothing was shared. You can try again.",
  invalid_state: "This sign-in has expired or began in another browser. Please start again.",
  invalid_response: "The answer of the sign-in service could not be trusted. Please start again.",
  provider_unavailable: "The sign-in service does not answer at the moment. Please try again in a minute.",
  rate_limited: "Too many sign-ins came from your network. Please try again in a minute.",
  session_store_unavailable: "Nobody can sign in at the moment. Please try again in a minute.",
  proof_unverifiable: "Nobody can be recognised at the moment. Please try again in a minute.",
  sign_out_incomplete:
    "This browser is signed out. The session itself could not be ended, because this app cannot reach its sessions at the moment; it ends by itself at its age.",
  signed_out: "You are signed out.",
  session_expired: "Your session has ended. Please sign in again.",
  unknown: "The sign-in did not work. Please try again.",
} as const;
