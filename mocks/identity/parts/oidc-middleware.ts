/**
 * Middleware around oidc-provider: the page that asks for a persona, the log of what was received, and the armed
 * faults, which change what goes out. A certified provider cannot be made to err by itself.
 */
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import type Provider from "oidc-provider";
import type { Context } from "oidc-provider";
import { type AuthResponse, tokenFault, userinfoFault, withAuthFaults } from "./faults.ts";
import { choicePage, refusalPage } from "./pages.ts";
import type { Provider as Mock, Pkce } from "./provider.ts";

/** Sends a Response of ours as oidc-provider's. */
export async function show(ctx: Context, response: Response): Promise<void> {
  ctx.body = await response.text();
  ctx.status = response.status;
  for (const [name, value] of response.headers) ctx.set(name, value);
}

/** Takes the persona's choice where oidc-provider leaves the question to its host. */
export function choosePersona(op: Provider, mock: Mock, title: string) {
  /** The page, and once a button was pressed, where the browser goes on. */
  async function showOrAnswer(ctx: Context): Promise<void> {
    const { params } = await op.interactionDetails(ctx.req, ctx.res);
    if (ctx.method !== "POST")
      return show(ctx, choicePage(title, params["client_id"] ?? "", mock.personas.list()));

    const form = new URLSearchParams(await text(ctx.req));
    const persona = mock.personas.get(form.get("persona") ?? "");
    if (!persona && !form.has("deny")) return show(ctx, refusalPage(title, "there is no such persona"));
    const result = persona
      ? { login: { accountId: persona.subject } }
      : { error: "access_denied", error_description: "the user cancelled" };
    ctx.status = 303;
    ctx.redirect(await op.interactionResult(ctx.req, ctx.res, result));
    const entry = { endpoint: "authorize", method: "POST", query: params, status: ctx.status } as const;
    mock.log.append({ ...entry, persona: persona?.id ?? null });
  }

  return async (ctx: Context, next: () => Promise<void>) => {
    if (!ctx.path.startsWith("/interaction/")) return next();
    return showOrAnswer(ctx).catch((error: unknown) => {
      if (error instanceof Error && error.constructor.name === "SessionNotFound")
        return show(ctx, refusalPage(title, "this sign-in was not started here, or is over"));
      throw error;
    });
  };
}

/** Logs requests and applies the armed faults. */
export function watch(op: Provider, mock: Mock, title: string) {
  const personaOf = (subject: string | undefined) =>
    mock.personas.list().find((persona) => persona.subject === subject) ?? null;

  /** The way back to the application, which is a redirect with a code. */
  function authorization(ctx: Context): void {
    const location = ctx.response.get("location");
    const url = URL.canParse(location) ? new URL(location) : null;
    const persona = url?.searchParams.has("code") ? personaOf(ctx.oidc?.session?.accountId) : null;
    if (url && persona) {
      const response: AuthResponse = Object.fromEntries(url.searchParams);
      url.search = new URLSearchParams({ ...withAuthFaults(mock, persona.id, response) }).toString();
      ctx.set("location", url.href);
    }
    // The other way to come here, from the page with the personas, has written its own line.
    if (ctx.oidc?.route === "authorization")
      mock.log.append({
        endpoint: "authorize",
        method: ctx.method,
        query: { ...ctx.query },
        persona: persona?.id ?? null,
        status: ctx.status,
      });
  }

  async function token(ctx: Context): Promise<void> {
    const { params = {}, body = {}, entities = {} } = ctx.oidc ?? {};
    // Refused codes are still there, used ones are not: then it is among what this request has found.
    const code = entities.AuthorizationCode ?? (await op.AuthorizationCode.find(params["code"] ?? ""));
    const persona = personaOf(code?.accountId);
    const basic = /^Basic (\S+)$/i.exec(ctx.get("authorization"))?.[1];
    const { error } = (ctx.body ?? {}) as { error?: string };
    const entry = mock.log.append({
      endpoint: "token",
      grant_type: body["grant_type"] ?? null,
      client_id: ctx.oidc?.client?.clientId ?? body["client_id"] ?? null,
      client_auth: basic ? "basic" : body["client_secret"] === undefined ? "none" : "post",
      redirect_uri: params["redirect_uri"] ?? null,
      pkce: pkceOf(code?.codeChallenge, params["code_verifier"]),
      persona: persona?.id ?? null,
      error: error ?? null,
      status: ctx.status,
    });
    const broken = persona && (await tokenFault(mock, persona));
    if (broken) await show(ctx, broken);
    entry.status = ctx.status;
  }

  async function userinfo(ctx: Context): Promise<void> {
    const persona = personaOf(ctx.oidc?.entities.AccessToken?.accountId);
    const broken = persona && userinfoFault(mock, persona);
    if (broken) await show(ctx, broken);
    mock.log.append({
      endpoint: "userinfo",
      path: ctx.path,
      persona: persona?.id ?? null,
      status: ctx.status,
    });
  }

  function logout(ctx: Context): void {
    mock.log.append({ endpoint: "logout", query: { ...ctx.query }, status: ctx.status });
  }

  /** By the names that oidc-provider has for its routes. */
  const after: Record<string, (ctx: Context) => void | Promise<void>> = {
    authorization,
    resume: authorization,
    token,
    userinfo,
    end_session: logout,
    end_session_confirm: logout,
  };

  return async (ctx: Context, next: () => Promise<void>) => {
    // The standard leaves both to the application; ours never goes without.
    const missing = ctx.path === "/auth" && ["state", "nonce"].find((name) => !ctx.query[name]);
    if (missing) return show(ctx, refusalPage(title, `${missing} is missing`));
    await next();
    await after[ctx.oidc?.route ?? ""]?.(ctx);
  };
}

function pkceOf(challenge: string | undefined, verifier: string | undefined): Pkce {
  if (!verifier) return "missing";
  return createHash("sha256").update(verifier).digest("base64url") === challenge ? "matched" : "mismatched";
}
