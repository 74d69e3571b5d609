/** The part of oidc-provider 9 that the mock uses; the package brings no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

  interface Client {
    clientId: string;
    redirectUris: string[];
  }

  interface AuthorizationCode {
    accountId: string;
    codeChallenge?: string;
  }

  /** What oidc-provider knows of a request, once it has handled it. */
  interface OidcContext {
    /** e.g. `authorization`, `resume`, `token`, `userinfo`, `end_session`. */
    route: string;
    params?: Record<string, string | undefined>;
    body?: Record<string, string | undefined>;
    session?: { accountId?: string; grantIdFor(clientId: string): string | undefined };
    client?: Client;
    entities: { AuthorizationCode?: AuthorizationCode; AccessToken?: { accountId: string } };
  }

  /** A Koa context. */
  export interface Context {
    req: IncomingMessage;
    res: ServerResponse;
    method: string;
    path: string;
    query: Record<string, string>;
    status: number;
    type: string;
    body: unknown;
    response: { get(header: string): string };
    get(header: string): string;
    set(header: string, value: string): void;
    remove(header: string): void;
    redirect(url: string): void;
    /** Missing where no route of oidc-provider matched. */
    oidc?: OidcContext;
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    readonly AuthorizationCode: { find(code: string): Promise<AuthorizationCode | undefined> };
    readonly Grant: {
      new (of: { accountId: string; clientId: string }): Grant;
      find(id: string): Promise<Grant | undefined>;
    };
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this;
    on(event: "server_error", listener: (ctx: Context, error: Error) => void): this;
    callback(): RequestListener;
    interactionDetails(
      req: IncomingMessage,
      res: ServerResponse,
    ): Promise<{ params: Record<string, string>; prompt: { name: string } }>;
    /** Answers where the browser goes on. */
    interactionResult(req: IncomingMessage, res: ServerResponse, result: object): Promise<string>;
  }
}
