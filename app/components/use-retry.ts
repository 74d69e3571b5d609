import { useEffect } from "react";

const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;

/**
 * Asks for `href` until it answers well, then loads it: 5 s, 10 s, 20 s … 60 s apart.
 * Asks before it leaves, so that a person never trades a page that explains for a browser's error page.
 */
export function useRetry(href: string): void {
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const wait = (ms: number) => {
      timer = setTimeout(async () => {
        const response = await fetch(href, { signal: gone.signal }).catch(() => null);
        if (gone.signal.aborted) return;
        if (response?.ok) window.location.assign(href);
        else wait(Math.min(ms * 2, LONGEST_MS));
      }, ms);
    };
    wait(FIRST_MS);
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [href]);
}
