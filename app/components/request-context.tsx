import { createContext, type ReactNode, useContext } from "react";

/** What the server passes to the document it renders: the CSP nonce and the request's id. */

const NonceContext = createContext<string | undefined>(undefined);

export const NonceProvider = NonceContext.Provider;
export const useNonce = () => useContext(NonceContext);

const RequestIdContext = createContext<string | undefined>(undefined);

/** Only the server provides it. Users quote it from an error page, and operators find the log lines by it. */
export const RequestIdProvider = RequestIdContext.Provider;

const MARK = "data-request";

/** Wraps an error page that the server renders, and carries the id to the browser. */
export function WithRequestId({ children }: { children: (requestId: string | undefined) => ReactNode }) {
  // Only a page that the server sent as an error has an id: for a later error in the browser, the document's request
  // id would lead to the wrong log lines.
  const rendered = useContext(RequestIdContext) ?? markInDocument();
  return <div {...{ [MARK]: rendered }}>{children(rendered)}</div>;
}

const markInDocument = () =>
  typeof document === "undefined"
    ? undefined
    : (document.querySelector(`[${MARK}]`)?.getAttribute(MARK) ?? undefined);
