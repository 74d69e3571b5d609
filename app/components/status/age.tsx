import { useEffect, useState } from "react";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";

/**
 * How long ago, counting by itself. The server and the first render in the browser both say "just now": what
 * time it is differs between them.
 */
export function Age({ updatedAt }: { updatedAt: number }) {
  const { count } = useFormat();
  const now = useNow();
  const seconds = now === null ? 0 : Math.floor((now - updatedAt) / 1_000);
  if (seconds < 2) return text.age.now;
  if (seconds < 60) return text.age.seconds(count(seconds));
  if (seconds < 3_600) return text.age.minutes(count(Math.floor(seconds / 60)));
  return text.age.hours(count(Math.floor(seconds / 3_600)));
}

/** How long until the next try; nothing while none is planned. */
export function NextTry({ nextAt }: { nextAt: number | null }) {
  const { count } = useFormat();
  const now = useNow();
  if (nextAt === null || now === null) return null;
  const seconds = Math.ceil((nextAt - now) / 1_000);
  return seconds > 0 ? text.nextTry(count(seconds)) : text.trying;
}

/** This browser's clock, each second; null until the page is alive. */
function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
