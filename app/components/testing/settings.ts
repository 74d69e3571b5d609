import type { DashboardPageProps } from "../dashboard-page.tsx";

/** The settings of a dashboard in unit tests. */
export const settings: DashboardPageProps["settings"] = {
  ringsideUrl: "https://api.example.test/v1",
  pollIntervalMs: 5_000,
  locale: "en-US",
  productName: "Acme AI",
  productLogoUrl: null,
};
