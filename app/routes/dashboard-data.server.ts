/** The dashboard's data: for /dashboard, and for /embed, the same inside other sites' pages. */
import { data } from "@remix-run/node";
import type { CurrentUser } from "#app/auth/current-user.server.ts";
import { sessionStore } from "#app/auth/session.server.ts";
import {
  type AuthUnavailable,
  type AuthUnavailableCode,
  isUnavailable,
} from "#app/auth/session-store.server.ts";
import { config } from "#app/config/config.server.ts";
import { loadFigures } from "#app/ringside/figures.server.ts";
import type { MintProblem } from "#app/ringside/http.ts";
import { localeOf } from "#app/server/preferences.server.ts";

export async function dashboardData(request: Request, user: CurrentUser | AuthUnavailable) {
  const { ringside, pollIntervalSeconds, productName, productLogoUrl } = config();
  // 503 tells monitors and crawlers the truth; users get a page that retries.
  const unavailable = (reason: MintProblem | AuthUnavailableCode) =>
    data({ ok: false, reason, productName } as const, { status: 503, headers: { "retry-after": "10" } });

  if (isUnavailable(user)) return unavailable(user.code);
  const figures = await loadFigures(user.owner);
  if (!figures.ok) return unavailable(figures.reason);
  const { name, email, avatarUrl } = user.identity;
  return data({
    ...figures,
    productName,
    user: { ...(name && { name }), ...(email && { email }), ...(avatarUrl && { avatarUrl }) },
    canSignOut: user.hasSession,
    settings: {
      ringsideUrl: ringside.url.href,
      pollIntervalMs: pollIntervalSeconds * 1000,
      locale: localeOf(request),
      externalId: user.owner.externalId,
      canSignOutEverywhere: user.hasSession && sessionStore().endAll !== undefined,
      productName,
      productLogoUrl,
    },
  });
}
