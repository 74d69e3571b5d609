import type { MintProblem } from "#app/ringside/http.ts";
import type { LivePhase, LiveReason } from "#app/usage/state.ts";

/**
 * Every sentence that users read, in one typed catalogue. Numbers, amounts and dates come in as finished strings
 * (format.tsx), so that a sentence can be rewritten or translated without touching a component. A second language is
 * another `Catalogue`: a missing key does not compile. The debug panel's words are its own: operators read them.
 */
const en = {
  skip: "Skip to the figures",
  header: {
    signOut: "Sign out",
    signOutEverywhere: "Sign out on all devices",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    signedInAs: "Signed in as",
  },
  page: {
    title: "Your usage",
    // No full stop after a day: in many languages a day ends with one.
    period: (month: string, reset: string) => `${month} · resets ${reset}, 00:00 UTC`,
    localReset: (time: string) => `(${time} your time)`,
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
  offline: "Updates resume when you’re back online.",
  nextTry: (count: string) => `Retrying in ${count} s.`,
  trying: "Retrying now.",
  noScripts: "Figures from when you opened this page. Live updates need JavaScript.",
  scriptsLate:
    "Figures from when you opened this page. Live updates haven’t started because part of the page didn’t load. Reload the page.",
  figures: {
    heading: "This month so far",
    spend: "Spend this month",
    requests: "Requests",
    average: "Average per request",
    monthEnd: "Projected total",
    none: "–",
    noRequests: "No requests yet",
    thisMonth: "this month",
    today: (count: string) => `${count} today so far`,
    change: (ratio: number, percent: string) =>
      Math.abs(ratio) < 0.005
        ? "Same as this time last month"
        : `${percent} ${ratio > 0 ? "more" : "less"} than this time last month`,
    range: (low: string, high: string) => `Likely ${low} to ${high}`,
    tooEarly: "Available after 3 full days",
    byRecentDays: (days: string) =>
      `Projected total: your spend so far, plus the average of your last ${days} full days for each day left. 80% range, based on your last ${days} days.`,
    byMonthAverage:
      "Projected total: your spend so far, plus this month’s daily average for each day left. No range, because daily figures are missing.",
  },
  budgets: {
    heading: "Budgets",
    of: (limit: string) => `of ${limit}`,
    left: (percent: string, amount: string) => `${percent} used, ${amount} left.`,
    hardly: (onePercent: string, amount: string) => `Less than ${onePercent} used, ${amount} left.`,
    over: (amount: string) => `${amount} over your limit. New requests may be blocked.`,
    exact: "You’ve reached your limit. New requests may be blocked.",
    runsOut: (day: string) => `At this pace, you’ll reach the limit around ${day}.`,
    lasts: "On track to stay within budget.",
    limitOnly: (limit: string) => `${limit} limit`,
    spendUnknown: "Spend in this period isn’t available.",
    resets: (day: string) => `Resets ${day}, 00:00 UTC`,
    rollingDays: (days: string) => `Counts the last ${days} days.`,
  },
  wallet: {
    heading: "Wallet",
    empty: "Your balance is empty. New requests may be blocked.",
    runsOut: (day: string) => `At this pace, your balance lasts until around ${day}.`,
    lasts: "At this pace, your balance lasts more than a year.",
    topUp: "Requests are paid from this balance.",
  },
  chart: {
    heading: { spend: "Daily spend", requests: "Daily requests" },
    total: (amount: string, span: string) => `${amount} ${span}`,
    span: {
      "7d": "in the last 7 days",
      "30d": "in the last 30 days",
      "90d": "in the last 90 days",
      mtd: "this month",
    },
    metric: "Metric",
    metrics: { spend: "Spend", requests: "Requests" },
    range: "Time range",
    ranges: { "7d": "7 days", "30d": "30 days", "90d": "90 days", mtd: "Month" },
    today: "Today",
    soFar: "so far",
    note: "Days are in UTC. Today is still in progress.",
    keys: "Chart. Use the left and right arrow keys to read it day by day.",
    requests: (count: string) => `${count} requests`,
    request: (count: string) => `${count} request`,
    nothing: "No usage in this time range",
    table: "Show as a table",
    tableOf: (heading: string) => `${heading}, as a table`,
    csv: "Export CSV",
    day: "Day",
    average: "Average",
    loading: "Loading daily figures",
    unavailable: "Daily figures are unavailable",
    stale: "Daily figures couldn’t be updated. These are the last known ones.",
    goesOn: "Totals are still live. Retrying…",
    noScripts: "Reload the page to try again.",
  },
  firstCall: {
    heading: "No usage yet",
    lead: "Requests with this header count towards your usage:",
    example: "For example:",
    hint: "Replace $API_KEY and YOUR_MODEL with your own. Figures appear here within seconds of the first request.",
    copy: "Copy",
    copied: "Copied",
    copyHeader: "Copy the header",
    copyCall: "Copy the request",
  },
  problem: {
    signedOut: {
      title: "You’re signed out",
      body: "Your session has ended. These figures are no longer updated.",
    },
    otherUser: {
      title: "You switched accounts in another tab",
      body: "These figures are no longer updated. Reload the page to see the account you’re signed in to.",
    },
    signIn: "Sign in again",
    reload: "Reload the page",
    blocked: "Live updates have stopped",
  },
  reason: {
    network: "The usage service can’t be reached from this browser.",
    timeout: "The usage service is taking too long to respond.",
    rate_limited: "Too many requests. Retrying shortly.",
    ringside_unavailable: "The usage service has a problem right now.",
    contract_violation: "Usage data couldn’t be read.",
    mint_unavailable: "We couldn’t renew access to your usage.",
    token_rejected:
      "Access to your usage was refused. We try again every minute; if it lasts, contact support.",
    origin_not_allowed: "Usage can’t be loaded at this address. Please contact support.",
    endpoint_not_allowed: "This page isn’t allowed to read these figures. Please contact support.",
    customer_missing: "Your usage account wasn’t found. Reload the page to set it up again.",
    not_signed_in: "Your session has ended.",
    session_changed: "You switched accounts in another tab.",
    page_incomplete: "Part of this page didn’t load. Reload the page.",
    intercepted:
      "Your network or your organization’s sign-in is interrupting updates. Reload the page to sign in again.",
    bad_origin: "This page was opened at an address that isn’t set up for it. Open it at its usual address.",
    bad_request: "This page is out of date. Reload the page.",
    server_error: "Something went wrong on our side. We’ve logged the error.",
    ringside_rejected_key: "Usage isn’t set up correctly. We’ve logged the problem.",
    customer_unavailable: "We couldn’t load your usage account. Please contact support if this continues.",
    session_store_unavailable: "We can’t check who is signed in right now. Retrying shortly.",
    proof_unverifiable: "We can’t verify your sign-in right now. Retrying shortly.",
  } satisfies Record<LiveReason, string>,
  /** By the codes of a page whose first figures could not be loaded. */
  unavailable: {
    heading: "We can’t load your usage right now",
    body: {
      ringside_unavailable: "The usage service isn’t responding. Nothing is lost.",
      rate_limited: "There are too many requests right now. Nothing is lost.",
      session_store_unavailable: "We can’t check who is signed in right now. You stay signed in.",
      proof_unverifiable: "We can’t verify your sign-in right now. You stay signed in.",
      ringside_rejected_key: "Usage isn’t set up correctly. We’ve logged the problem.",
      customer_unavailable: "We couldn’t load your usage account. Please contact support if this continues.",
    } satisfies Partial<Record<MintProblem, string>>,
    retries: "Retrying automatically.",
    retry: "Try again now",
  },
  error: {
    404: "Page not found",
    other: "Something went wrong",
    body404: "Check the address, or go to your usage.",
    bodyOther: "We’ve logged the error. Please try again in a minute.",
    home: "Go to your usage",
    request: (id: string) => `Request ${id}`,
  },
  signIn: {
    heading: "Sign in",
    lead: "See your AI usage and spend, live.",
    with: (label: string) => `Continue with ${label}`,
    choose: (label: string) => `Continue with ${label} as`,
    demo: "Try the demo as",
    through: (label: string) => `Sign in with ${label}`,
    openFrom: (label: string) => `You reach this page through ${label}. Open it from there, or reload it.`,
    none: "Sign-in isn’t set up yet. Please contact support.",
  },
  /** By AdapterErrorCode, and by the codes that the routes add. */
  signInProblem: {
    access_denied: "Sign-in was cancelled. You can try again.",
    invalid_state: "This sign-in has expired or was started in another browser. Please try again.",
    invalid_response: "We couldn’t verify the sign-in. Please try again.",
    provider_unavailable: "The sign-in service isn’t responding. Please try again in a minute.",
    rate_limited: "There were too many sign-ins from your network. Please try again in a minute.",
    session_store_unavailable: "Sign-in is temporarily unavailable. Please try again in a minute.",
    proof_unverifiable: "We can’t verify your sign-in right now. Please try again in a minute.",
    sign_out_incomplete:
      "This browser is signed out, but we couldn’t end the session itself. It ends on its own when it expires.",
    signed_out: "You’re signed out.",
    session_expired: "Your session has ended. Please sign in again.",
    unknown: "Sign-in didn’t work. Please try again.",
  },
  /** The dashboard inside other sites' pages, and the window that signs in for it. */
  embed: {
    heading: "Your AI usage",
    lead: "Sign in to see your figures here. We’ll open a sign-in window.",
    signIn: "Sign in",
    waiting: "Continue in the sign-in window.",
    failed: "We couldn’t sign you in on this page. Please try again.",
    noCookies:
      "You’re signed in, but this browser blocks cookies inside other pages. Open your usage in a new tab instead.",
    ownWindow: "Open in a new tab",
    needsScripts: "Signing in here needs JavaScript.",
    handOver: {
      done: "You’re signed in",
      closes: "Your usage appears in the page that you came from. You can close this window.",
      again: "Close this window and choose “Sign in” again in the page that you came from.",
      proof: "You’re signed in here, but not inside other pages. Open your usage in a new tab instead.",
    },
  },
} as const;

type Words<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Key in keyof T]: Words<T[Key]> };

/** What every language provides. */
type Catalogue = Words<typeof en>;

export const text: Catalogue = en;
