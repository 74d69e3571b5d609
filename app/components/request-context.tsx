import { createContext, type ReactNode, useContext } from "react";

/** Hands the response's CSP nonce to the document, and to nothing in the browser: there it is spent. */

const NonceContext = createContext<string | undefined>(undefined);

export const NonceProvider = NonceContext.Provider;
export const useNonce = () => useContext(NonceContext);

/** The request's id on an error page, so that a person can quote it and an operator can find the lines in the log. */

const RequestIdContext = createContext<string | undefined>(undefined);

/** On the server alone. */
export const RequestIdProvider = RequestIdContext.Provider;

const MARK = "data-request";

/** Goes around an error page that the server renders, and carries the id to the browser. */
export function WithRequestId({ children }: { children: (requestId: string | undefined) => ReactNode }) {
  // In the browser only a page that the server has sent as an error has one: for an error that happens later, this
  // document's id would lead to the wrong lines.
  const rendered = useContext(RequestIdContext) ?? markInDocument();
  return <div {...{ [MARK]: rendered }}>{children(rendered)}</div>;
}

const markInDocument = () =>
  typeof document === "undefined"
    ? undefined
    : (document.querySelector(`[${MARK}]`)?.getAttribute(MARK) ?? undefined);
