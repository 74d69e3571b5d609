import type { LivePhase, LiveReason } from "#app/usage/state.ts";

/**
 * Every word a user can read, in one place (text-sign-in.ts and text-debug.ts: what the dashboard need not load). Numbers, amounts and dates come in as finished strings (format.ts),
 * so that a sentence can be rewritten or translated without touching a component.
 */

export const text = {
  skip: "Skip to the figures",
  header: {
    signOut: "Sign out",
    signOutEverywhere: "Sign out on all devices",
    theme: "Theme",
    themes: { system: "Same as the system", light: "Light", dark: "Dark" },
    signedInAs: "Signed in as",
  },
  page: {
    title: "Your usage",
    // No full stop after a day: many languages end theirs with one.
    period: (month: string, reset: string) => `${month} in UTC · starts over on ${reset}`,
  },
  age: {
    now: "updated just now",
    seconds: (count: string) => `updated ${count} s ago`,
    minutes: (count: string) => `updated ${count} min ago`,
    hours: (count: string) => `updated ${count} h ago`,
  },
  phase: {
    starting: "Connecting",
    live: "Live",
    reconnecting: "Reconnecting",
    paused: "Paused while this tab is hidden",
    offline: "Offline",
    signed_out: "Signed out",
    blocked: "Stopped",
  } satisfies Record<LivePhase, string>,
  offline: "Updates go on as soon as there is a network again.",
  nextTry: (count: string) => `Next try in ${count} s.`,
  trying: "Trying now.",
  noScripts: "As of when this page was loaded. Live updates need JavaScript.",
  scriptsLate:
    "As of when this page was loaded. Live updates have not begun, as a part of the page is missing. Reload the page.",
  figures: {
    heading: "This month so far",
    spend: "Spend this month",
    requests: "Requests",
    average: "Average per request",
    monthEnd: "Projected month end",
    none: "–",
    noRequests: "No requests yet",
    thisMonth: "this month",
    today: (count: string) => `${count} today so far`,
    change: (ratio: number, percent: string) =>
      Math.abs(ratio) < 0.005
        ? "The same as at this point last month"
        : `${percent} ${ratio > 0 ? "more" : "less"} than at this point last month`,
    range: (low: string, high: string) => `Likely ${low} to ${high}`,
    tooEarly: "Shown after 3 full days of usage",
    byRecentDays: (days: string) =>
      `Projected month end: spend so far, plus the average of the last ${days} full days for each day that is left. The range holds 8 times out of 10 if days go on varying as they did.`,
    byMonthAverage:
      "Projected month end: spend so far, plus this month’s average day for each day that is left. There is no range, because the daily figures are missing.",
  },
  budgets: {
    heading: "Budgets",
    of: (limit: string) => `of ${limit}`,
    left: (percent: string, amount: string) => `${percent} used, ${amount} left.`,
    hardly: (amount: string) => `Hardly used, ${amount} left.`,
    over: (amount: string) => `Over budget by ${amount}. Calls are refused with 402 until the cap is raised.`,
    exact: "Used up. Calls are refused with 402 until the cap is raised.",
    runsOut: (day: string) => `Runs out around ${day} at the present pace.`,
    lasts: "Lasts until the month ends at the present pace.",
  },
  wallet: {
    heading: "Wallet",
    balance: "Prepaid balance",
    empty: "Calls are refused with 402 until it is topped up.",
    runsOut: (day: string) => `Lasts until around ${day} at the present pace.`,
    lasts: "Lasts for more than a year at the present pace.",
    topUp: "Each call is paid from it.",
  },
  chart: {
    heading: { spend: "Daily spend", requests: "Daily requests" },
    total: (amount: string, span: string) => `${amount} in ${span}`,
    span: {
      "7d": "the last 7 days",
      "30d": "the last 30 days",
      "90d": "the last 90 days",
      mtd: "this month",
    },
    metric: "What to show",
    metrics: { spend: "Spend", requests: "Requests" },
    range: "Time span",
    ranges: { "7d": "7 days", "30d": "30 days", "90d": "90 days", mtd: "Month" },
    today: "Today",
    soFar: "so far",
    note: "Days are in UTC. Today is not over: its figures still grow.",
    keys: "Chart. Use the left and right arrow keys to read it day by day.",
    requests: (count: string) => `${count} requests`,
    request: (count: string) => `${count} request`,
    nothing: "Nothing in this time span",
    table: "Show as a table",
    tableOf: (heading: string) => `${heading}, as a table`,
    csv: "Export CSV",
    day: "Day",
    spendUsd: "Spend (USD)",
    average: "Average",
    loading: "Loading the daily figures",
    unavailable: "The daily figures are unavailable",
    stale: "The daily figures could not be updated; these are the last known ones.",
    goesOn: "The totals above go on. This part tries again by itself.",
    noScripts: "Reload the page to try again.",
  },
  firstCall: {
    heading: "Nothing has been counted yet",
    lead: "A call counts as yours when it carries this header:",
    example: "For example:",
    hint: "RINGSIDE_API_KEY is the server key of the app that makes the call; put your model in the place of YOUR_MODEL. The figures appear here within seconds of the first call.",
    copy: "Copy",
    copied: "Copied",
    copyHeader: "Copy the header",
    copyCall: "Copy the call",
  },
  problem: {
    signedOut: {
      title: "You are signed out",
      body: "Your session has ended. The figures below are the last known ones.",
    },
    otherUser: {
      title: "Somebody else signed in",
      body: "Another tab of this browser is signed in as somebody else. These figures are no longer updated.",
    },
    signIn: "Sign in again",
    reload: "Reload the page",
    blocked: "Live updates have stopped",
    wrongOrigin: (origin: string) =>
      `Ringside refuses calls from this page’s address, ${origin}. Whoever runs this app must set APP_ORIGIN to exactly that, or open the app at the address that APP_ORIGIN names.`,
  },
  reason: {
    network: "Ringside cannot be reached from this browser.",
    timeout: "Ringside takes too long to answer.",
    rate_limited: "Ringside asks for fewer calls. Updates go on after a pause.",
    ringside_unavailable: "Ringside has a problem at the moment.",
    contract_violation: "Ringside gave an answer that this page cannot read.",
    mint_unavailable: "This app cannot give this page a new token at the moment.",
    token_rejected:
      "Ringside refused a fresh token. This page tries again every minute; if it lasts, tell whoever runs this app.",
    origin_not_allowed: "Ringside refuses calls from this page’s address.",
    endpoint_not_allowed:
      "Ringside does not let this page read these figures. Whoever runs this app must allow it.",
    customer_missing: "Ringside does not know this Customer any more. Reload the page to make it anew.",
    not_signed_in: "Your session has ended.",
    session_changed: "Another tab is signed in as somebody else.",
    page_incomplete: "A part of this page did not arrive. Reload the page.",
  } satisfies Record<LiveReason, string>,
  /** For whoever runs the app; the values beside these are codes. */
  unavailable: {
    heading: "Your figures cannot be loaded right now",
    body: {
      unavailable: "Ringside, which counts your usage, does not answer at the moment. Nothing is lost.",
      rate_limited: "Ringside, which counts your usage, asks for a short pause. Nothing is lost.",
      session_store_unavailable:
        "This app cannot look up who is signed in at the moment. You stay signed in, and nothing is lost.",
      proof_unverifiable:
        "This app cannot check at the moment who you are. You stay signed in, and nothing is lost.",
      rejected_key: "Ringside refuses this app’s key. Whoever runs this app must check RINGSIDE_API_KEY.",
    },
    retries: "This page tries again by itself.",
    retry: "Try again now",
  },
  error: {
    404: "There is no such page",
    other: "Something went wrong",
    body404: "The address may be mistyped, or the page has moved.",
    bodyOther: "It is not your fault, and it has been logged. Please try again in a minute.",
    home: "Go to your usage",
    status: (status: number) => `Error ${status}`,
    request: (id: string) => `Request ${id}`,
  },
} as const;

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

/** The words of the dashboard inside other sites' pages, and of the window it signs people in with. */
export const embedText = {
  heading: "Your AI usage",
  lead: "Sign in to see your figures here. A window opens for it, and closes by itself.",
  signIn: "Sign in",
  waiting: "Go on in the window that has opened.",
  failed: "The sign-in could not be taken over into this page. Please try again.",
  noCookies:
    "You are signed in, but this browser keeps no cookies for a page inside another one. You can open your figures in a window of their own.",
  ownWindow: "Open in its own window",
  needsScripts: "Signing in here needs JavaScript.",
  handOver: {
    done: "You are signed in",
    closes: "Your figures appear in the page that you came from. You can close this window.",
    again: "Close this window, and choose “Sign in” once more in the page that you came from.",
    proof:
      "Something in front of this app vouches for you in this window, but not inside another page. Whoever runs this app can read docs/embedding.md about it.",
  },
} as const;
