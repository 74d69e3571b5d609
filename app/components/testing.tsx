import type { ReactElement } from "react";
import { createMemoryRouter, type LoaderFunction, RouterProvider } from "react-router-dom";
import type { DashboardPageProps } from "./dashboard-page.tsx";

/** A router for unit tests: links and the URL work as in the browser, and nothing is loaded. */

/** `element` at every address, first at `url`. The router's `state.location` says where a click has led. */
export function inRouter(element: ReactElement, url = "/dashboard", loader?: LoaderFunction) {
  const router = createMemoryRouter(
    [{ path: "*", element, ...(loader && { loader, HydrateFallback: () => null }) }],
    {
      initialEntries: [url],
      future: {
        v7_relativeSplatPath: true,
        v7_fetcherPersist: true,
        v7_normalizeFormMethod: true,
        v7_partialHydration: true,
        v7_skipActionErrorRevalidation: true,
      },
    },
  );
  return { router, page: <RouterProvider router={router} future={{ v7_startTransition: true }} /> };
}

/** The settings of a dashboard in unit tests. */
export const settings: DashboardPageProps["settings"] = {
  ringsideUrl: "https://api.example.test/v1",
  pollIntervalMs: 5_000,
  locale: "en-US",
  productName: "Acme AI",
  productLogoUrl: null,
};
