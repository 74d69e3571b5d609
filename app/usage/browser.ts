/** The engine in a browser. Nothing here touches the DOM before the engine starts. */
import {
  createLiveUsage,
  type Flag,
  type LiveUsage,
  type LiveUsageOptions,
  type Surroundings,
} from "./live-usage.ts";
import { joinTabs } from "./tabs.ts";

const visible: Flag = {
  get: () => document.visibilityState === "visible",
  watch(onChange) {
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  },
};

const online: Flag = {
  get: () => navigator.onLine,
  watch(onChange) {
    window.addEventListener("online", onChange);
    window.addEventListener("offline", onChange);
    return () => {
      window.removeEventListener("online", onChange);
      window.removeEventListener("offline", onChange);
    };
  },
};

// Each call looks its global up anew: a captured one could not be replaced by fake timers or a patched fetch.
const browser: Surroundings = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  visible,
  online,
  joinTabs,
};

export const createBrowserUsage = (options: LiveUsageOptions): LiveUsage => createLiveUsage(options, browser);
