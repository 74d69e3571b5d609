/** What is known of the request being answered, for whoever needs it deep inside: a web Request holds neither. */
import { AsyncLocalStorage } from "node:async_hooks";

export interface RequestContext {
  /** Ours, never taken from a header: what a person quotes from an error page, and what the logs are searched for. */
  id: string;
  /** The client's address, as far as TRUST_PROXY lets us believe it. */
  address: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs what answers a request; everything it starts can ask for the context. */
export const withRequestContext = <T>(context: RequestContext, run: () => T): T => storage.run(context, run);

/** Undefined outside of a request, and behind the dev server, which has no such layer. */
export const requestContext = (): RequestContext | undefined => storage.getStore();
