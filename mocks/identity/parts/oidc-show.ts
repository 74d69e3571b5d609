import type { Context } from "oidc-provider";

/** Sends a Response of ours as oidc-provider's. */
export async function show(ctx: Context, response: Response): Promise<void> {
  ctx.body = await response.text();
  ctx.status = response.status;
  for (const [name, value] of response.headers) ctx.set(name, value);
}
