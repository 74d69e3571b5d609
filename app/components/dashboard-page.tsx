import { useNavigate } from "@remix-run/react";
import type { ReactNode } from "react";
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import { LiveUsageProvider } from "#app/usage/use-live-usage.tsx";
import { DebugOnRequest } from "./debug.tsx";
import { FormatProvider } from "./format.tsx";
import { Header, type User } from "./header.tsx";
import {
  LiveChart,
  LiveFigures,
  LiveLimits,
  LivePeriod,
  LiveProblem,
  LiveStatus,
} from "./live-dashboard.tsx";
import { text } from "./text.ts";

export interface DashboardPageProps {
  /** The figures the HTML shows; the browser takes over from them. */
  customer: Customer;
  /** Oldest first; null when they did not arrive in time. */
  daily: DailyUsage[] | null;
  /** When they were loaded, in milliseconds on the server's clock. */
  loadedAt: number;
  user: User;
  /** Replaces the page's own header. */
  header?: ReactNode;
  settings: {
    ringsideUrl: string;
    pollIntervalMs: number;
    /** For numbers and days, e.g. `de-DE`; the same on the server and in the browser. */
    locale: string;
    productName: string;
    productLogoUrl: string | null;
    /** Whether this person's sessions on other devices can be found, to be ended with this one. */
    canSignOutEverywhere?: boolean;
  };
}

export function DashboardPage({ customer, daily, loadedAt, user, settings, header }: DashboardPageProps) {
  const navigate = useNavigate();
  // Load the same address again: its loader creates the Customer again.
  const reload = () => navigate({ search: window.location.search }, { replace: true });
  return (
    <FormatProvider locale={settings.locale}>
      <LiveUsageProvider
        customer={customer}
        daily={daily}
        loadedAt={loadedAt}
        ringsideUrl={settings.ringsideUrl}
        pollIntervalMs={settings.pollIntervalMs}
        onCustomerMissing={reload}
      >
        <a
          href="#figures"
          className="sr-only focus:not-sr-only focus:absolute focus:m-2 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
        >
          {text.skip}
        </a>
        {header ?? (
          <Header
            productName={settings.productName}
            logoUrl={settings.productLogoUrl}
            user={user}
            canSignOutEverywhere={settings.canSignOutEverywhere ?? false}
          />
        )}
        <main
          id="figures"
          className="mx-auto grid max-w-6xl grid-cols-1 gap-4 px-4 py-6 sm:gap-6 sm:px-6 sm:py-8"
        >
          <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
            <div>
              <h1 className="font-semibold text-2xl tracking-[-0.02em]">{text.page.title}</h1>
              <LivePeriod />
            </div>
            <LiveStatus />
          </div>
          <LiveProblem />
          <LiveFigures />
          <LiveLimits />
          <LiveChart ringsideUrl={settings.ringsideUrl} />
          <DebugOnRequest />
        </main>
      </LiveUsageProvider>
    </FormatProvider>
  );
}
