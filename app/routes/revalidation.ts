/** When a page's loaders run again. */
import type { ShouldRevalidateFunction } from "@remix-run/react";

/** Another range or metric shows figures the page already has; only a fresh load of the page asks the server. */
export const exceptOnSearch: ShouldRevalidateFunction = ({ currentUrl, nextUrl, defaultShouldRevalidate }) =>
  currentUrl.pathname === nextUrl.pathname && currentUrl.search !== nextUrl.search
    ? false
    : defaultShouldRevalidate;
