import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  useLocation,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { type ReactNode, useEffect } from "react";
import { useNonce, WithRequestId } from "#app/components/request-context.tsx";
import { ErrorPage } from "./components/error-page.tsx";
import { text } from "./components/text.ts";
import { themeOf } from "./server/preferences.server.ts";
import "./styles/app.css";

export { exceptOnSearch as shouldRevalidate } from "./routes/revalidation.ts";

export function loader({ request }: LoaderFunctionArgs) {
  return data({ theme: themeOf(request) });
}

/** Pages name themselves; an error's page cannot, and would leave the tab without a name. */
export const meta: MetaFunction = ({ error }) => (error ? [{ title: titleOf(error) }] : []);

export function Layout({ children }: { children: ReactNode }) {
  // Undefined when the root loader itself failed: the error page still needs a document around it.
  const root = useRouteLoaderData<typeof loader>("root");
  const nonce = useNonce();
  return (
    // Browsers translate by replacing text nodes that React goes on writing to: figures that stand still, or a page
    // that breaks at the next change.
    <html lang="en" translate="no" data-theme={root?.theme ?? "system"}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  // Tests wait for this mark: on a page that polls, the network never goes idle.
  useEffect(() => {
    document.documentElement.dataset["hydrated"] = "";
  }, []);
  return <Outlet />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const { pathname } = useLocation();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  return (
    <WithRequestId>
      {(requestId) => (
        <ErrorPage
          status={status}
          {...(requestId && { requestId })}
          // Inside a frame no other page of ours shows itself.
          {...(pathname === "/embed" && { home: pathname })}
        />
      )}
    </WithRequestId>
  );
}

const titleOf = (error: unknown) =>
  isRouteErrorResponse(error) && error.status === 404 ? text.error[404] : text.error.other;
