/** What the dashboard does in a browser while its time is moved. Each runs once; several rules judge what it saw. */
import type { AppUnderTest } from "./app-under-test.ts";
import { requires } from "./outcome.ts";
import type { DashboardPage, Sent, Timed } from "./page.ts";
import { type Entry, isMint, isPoll, isUsage } from "./ringside.ts";

export interface Life {
  log: Timed[];
  readable: Record<string, string>;
  sent: Sent[];
  served: { url: string; type: string; text: string }[];
  /** When the minute of steady polling began and ended, in milliseconds of Ringside's clock. */
  minute: [number, number];
  /** How long its token lived, in seconds; null when the page's time cannot be moved so far. */
  lived: number | null;
  /** From when on the steps are small enough to see a gap between polls. */
  closeFrom: number;
  movable: boolean;
}

export const pollSecondsOf = ({ capabilities }: AppUnderTest) => capabilities.pollSeconds ?? 5;

const now = (log: Timed[]) => log.at(-1)?.time ?? 0;
const polls = (log: Timed[]) => log.filter(isPoll);

/** Opens the dashboard and waits for its first figures. @throws NotRun when there are none */
async function opened(
  app: AppUnderTest,
  options: Parameters<AppUnderTest["open"]>[1] = {},
): Promise<DashboardPage> {
  app.staged();
  const page = await app.open(app.first(), { realTime: !(await isMovable(app)), ...options });
  if (await page.until(isPoll)) return page;
  await page.close();
  requires(false, "the page reads no Customer's row with a Client Token: see XO-1");
  throw new Error("unreachable");
}

/** Whether the page's timers run in its window, where the suite can move them. Workers have clocks of their own. */
const isMovable = (app: AppUnderTest) =>
  app.once("movable", async () => {
    app.staged();
    const page = await app.open(app.first());
    try {
      if (!(await page.until(isPoll, 1, 12))) return true;
      await page.settle();
      await page.advance(2 * pollSecondsOf(app) + 2, pollSecondsOf(app) / 2);
      return polls(await page.log()).length > 1;
    } finally {
      await page.close();
    }
  });

/** @throws NotRun where time cannot be moved */
async function requireMovable(app: AppUnderTest): Promise<void> {
  requires(
    await isMovable(app),
    "the page keeps its time outside its window, as a worker does: it cannot be moved",
  );
}

/** A visit of a minute, and, where time can be moved, on past the end of its token. */
export const life = (app: AppUnderTest): Promise<Life> =>
  app.once("life", async () => {
    app.staged();
    const movable = await isMovable(app);
    const page = await app.open(app.first(), { realTime: !movable });
    try {
      await page.until(isPoll, 1, 12);
      await page.advance(2);
      const start = now(await page.log());
      await page.advance(movable ? 60 : 3 * pollSecondsOf(app) + 1);
      const end = movable ? start + 60_000 : Date.now();
      const readable = await page.readable();
      const lived = movable && polls(page.timed).length > 0 ? await outlive(app, page) : null;
      return {
        log: page.timed,
        readable,
        sent: page.sent,
        served: page.served,
        minute: [start, end],
        lived: lived?.seconds ?? null,
        closeFrom: lived?.closeFrom ?? Number.POSITIVE_INFINITY,
        movable,
      };
    } finally {
      await page.close();
    }
  });

/** Coarse steps through the middle of the token's life, fine ones around its end. */
async function outlive(
  app: AppUnderTest,
  page: DashboardPage,
): Promise<{ seconds: number; closeFrom: number } | null> {
  const jti = polls(page.timed)[0]?.token_id;
  const token = (await app.staged().tokens()).find((issued) => issued.jti === jti);
  if (!token) return null;
  const seconds = token.expires_at - token.issued_at;
  const poll = pollSecondsOf(app);
  for (let at = 62; at < seconds - 70; at += 20) await page.sleep(20);
  // Two polls, so that the last jump is over.
  await page.advance(2 * poll, 1);
  const closeFrom = now(await page.log());
  await page.advance(100, Math.min(2, poll));
  return { seconds, closeFrom };
}

export interface Reaction {
  /** What Ringside received afterwards. */
  after: Timed[];
  mints: number;
  polls: Timed[];
}

function reactionOf(log: Timed[], since: number): Reaction {
  const after = log.filter(({ seq }) => seq > since);
  return { after, mints: after.filter(isMint).length, polls: after.filter(isPoll) };
}

/** Lets the page run into a fault of Ringside. */
async function meet(
  app: AppUnderTest,
  fault: string,
  details: object,
  seconds: number,
  step = 1,
): Promise<Reaction> {
  const ringside = app.staged();
  const page = await opened(app);
  try {
    await page.advance(pollSecondsOf(app) + 1);
    const since = (await page.log()).at(-1)?.seq ?? 0;
    await ringside.fault(fault, details);
    await page.advance(seconds, step);
    return reactionOf(await page.log(), since);
  } finally {
    await ringside.recover();
    await page.close();
  }
}

/** Its token is revoked, and a new one is as good as ever. */
export const refusedOnce = (app: AppUnderTest) =>
  app.once("refused once", () => meet(app, "expire_now", {}, 4 * pollSecondsOf(app)));

/** Seconds of `refusedForever` and `forbidden`. */
const LONG_SECONDS = 60;

export const refusedForever = (app: AppUnderTest) =>
  app.once("refused for ever", async () => {
    const seconds = (await isMovable(app)) ? LONG_SECONDS : 2 * pollSecondsOf(app);
    return { ...(await meet(app, "unauthorized", {}, seconds)), seconds };
  });

export const forbidden = (app: AppUnderTest) =>
  app.once("forbidden", async () => {
    const seconds = (await isMovable(app)) ? LONG_SECONDS : 2 * pollSecondsOf(app);
    return { ...(await meet(app, "forbidden", {}, seconds)), seconds };
  });

export const RETRY_AFTER_SECONDS = 30;

export const rateLimited = (app: AppUnderTest) =>
  app.once("rate limited", async () => {
    await requireMovable(app);
    return meet(app, "rate_limited", { on: "customer", retry_after: RETRY_AFTER_SECONDS }, 40);
  });

export const hidden = (app: AppUnderTest) =>
  app.once("hidden", async () => {
    await requireMovable(app);
    const page = await opened(app);
    try {
      await page.advance(2);
      await page.setHidden(true);
      await page.advance(pollSecondsOf(app));
      const since = (await page.log()).at(-1)?.seq ?? 0;
      await page.advance(120, 5);
      const unseen = reactionOf(await page.log(), since);
      const back = (await page.log()).at(-1)?.seq ?? 0;
      await page.setHidden(false);
      await page.advance(3);
      return { unseen, back: reactionOf(await page.log(), back) };
    } finally {
      await page.close();
    }
  });

/** A laptop that sleeps for eight hours. */
export const asleep = (app: AppUnderTest) =>
  app.once("asleep", async () => {
    await requireMovable(app);
    const page = await opened(app);
    try {
      await page.advance(2);
      const since = (await page.log()).at(-1)?.seq ?? 0;
      await page.sleep(8 * 3_600);
      await page.advance(3 * pollSecondsOf(app));
      return reactionOf(await page.log(), since);
    } finally {
      await page.close();
    }
  });

/** The browser's clock is ten minutes wrong. */
export const wrongClock = (app: AppUnderTest, skewMs: number) =>
  app.once(`clock ${skewMs}`, async () => {
    await requireMovable(app);
    const page = await opened(app, { skewMs });
    try {
      await page.advance(6 * pollSecondsOf(app));
      return reactionOf(await page.log(), 0);
    } finally {
      await page.close();
    }
  });

/** Ringside grants a minute, whatever it is asked for. */
export const shortTokens = (app: AppUnderTest) =>
  app.once("short tokens", async () => {
    await requireMovable(app);
    const { externalId, spendUsd } = app.first();
    requires(externalId, "the Customer is not known: see CUS-1");
    const ringside = app.staged();
    await ringside.limitTokens(externalId, 60);
    const page = await opened(app);
    try {
      await page.advance(100);
      return reactionOf(await page.log(), 0);
    } finally {
      await page.close();
      await ringside.limitTokens(externalId, null);
      await ringside.spend(externalId, spendUsd ?? 0);
    }
  });

export const refused = (entries: readonly Entry[]) =>
  entries.filter(({ status, authorization }) => status === 401 && authorization === "client");
export { isMint, isPoll, isUsage };
