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
