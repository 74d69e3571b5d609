/** The rules that plain requests can prove, on any deployment, without an account at its provider. */
import { mintChecks, sessionChecks } from "./mint-checks.ts";
import { pageChecks } from "./page-checks.ts";
import { signInChecks } from "./sign-in-checks.ts";
import type { Site, SiteCheck } from "./site.ts";

/** The checks for a site, each with the reason when it does not apply. */
export function siteChecks({ adapterId, session, mints }: Pick<Site, "adapterId" | "session" | "mints">) {
  const nobodyLeaves = adapterId === null ? "needs redirect: the sign-in page sends nobody anywhere" : null;
  const nobodySignedIn = session === null ? "needs somebody signed in: --state" : null;
  const nobodyTells = mints === null ? "needs to see what Ringside receives: only beside the mock" : null;
  const all = (checks: Readonly<Record<string, SiteCheck>>, why: string | null) =>
    Object.entries(checks).map(([id, check]) => ({ id, check, notApplicable: why }));
  return [
    ...all(signInChecks, nobodyLeaves),
    ...all(sessionChecks, nobodySignedIn),
    ...all({ ...pageChecks, ...mintChecks }, null),
  ].map((entry) =>
    entry.id === "MINT-4" ? { ...entry, notApplicable: entry.notApplicable ?? nobodyTells } : entry,
  );
}
