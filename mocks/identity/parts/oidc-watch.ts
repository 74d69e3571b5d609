/**
 * Between the world and oidc-provider: writes down what came in, and where a fault is armed, changes what goes out.
 * A certified provider cannot be made to err; somebody in the middle can.
 */
import { createHash } from "node:crypto";
import type Provider from "oidc-provider";
import type { Context } from "oidc-provider";
import { type Answer, bendAnswer } from "./answer.ts";
import { show } from "./oidc-show.ts";
import { refusalPage } from "./page.ts";
import type { Provider as Mock } from "./provider.ts";
import type { Pkce } from "./received.ts";
import { brokenAnswer } from "./token.ts";
import { brokenUserinfo } from "./userinfo.ts";

export function watch(op: Provider, mock: Mock, title: string) {
  const personaOf = (subject: string | undefined) =>
    mock.personas.list().find((persona) => persona.subject === subject) ?? null;

  /** The way back to the application, which is a redirect with a code. */
  function authorization(ctx: Context): void {
    const location = ctx.response.get("location");
    const url = URL.canParse(location) ? new URL(location) : null;
    const persona = url?.searchParams.has("code") ? personaOf(ctx.oidc?.session?.accountId) : null;
    if (url && persona) {
      const answer: Answer = Object.fromEntries(url.searchParams);
      url.search = new URLSearchParams({ ...bendAnswer(mock, persona.id, answer) }).toString();
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
    const broken = persona && (await brokenAnswer(mock, persona));
    if (broken) await show(ctx, broken);
    entry.status = ctx.status;
  }

  async function userinfo(ctx: Context): Promise<void> {
    const persona = personaOf(ctx.oidc?.entities.AccessToken?.accountId);
    const broken = persona && brokenUserinfo(mock, persona);
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
