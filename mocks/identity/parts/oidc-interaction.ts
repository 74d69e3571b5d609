/** Who is it: oidc-provider leaves the question to a page of ours, and takes the answer from it. */
import { text } from "node:stream/consumers";
import type Provider from "oidc-provider";
import type { Context } from "oidc-provider";
import { show } from "./oidc-show.ts";
import { choicePage, refusalPage } from "./page.ts";
import type { Provider as Mock } from "./provider.ts";

export function choosePersona(op: Provider, mock: Mock, title: string) {
  /** The page, and once a button was pressed, where the browser goes on. */
  async function ask(ctx: Context): Promise<void> {
    const { params } = await op.interactionDetails(ctx.req, ctx.res);
    if (ctx.method !== "POST")
      return show(ctx, choicePage(title, params["client_id"] ?? "", mock.personas.list()));

    const form = new URLSearchParams(await text(ctx.req));
    const persona = mock.personas.get(form.get("persona") ?? "");
    if (!persona && !form.has("deny")) return show(ctx, refusalPage(title, "nobody of that name is here"));
    const result = persona
      ? { login: { accountId: persona.subject } }
      : { error: "access_denied", error_description: "the person has cancelled" };
    ctx.status = 303;
    ctx.redirect(await op.interactionResult(ctx.req, ctx.res, result));
    const entry = { endpoint: "authorize", method: "POST", query: params, status: ctx.status } as const;
    mock.log.append({ ...entry, persona: persona?.id ?? null });
  }

  return async (ctx: Context, next: () => Promise<void>) => {
    if (!ctx.path.startsWith("/interaction/")) return next();
    return ask(ctx).catch((error: unknown) => {
      if (error instanceof Error && error.constructor.name === "SessionNotFound")
        return show(ctx, refusalPage(title, "this sign-in was not started here, or is over"));
      throw error;
    });
  };
}
