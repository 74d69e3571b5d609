/** The API. The routes that browsers poll come first: MSW tries handlers in order. */
import { http } from "msw";
import { chatRoutes } from "./chat-routes.ts";
import { customerRoutes } from "./customer-routes.ts";
import { notFound } from "./refuse.ts";
import { tokenRoutes } from "./token-routes.ts";
import { usageRoutes } from "./usage-routes.ts";
import type { World } from "./world.ts";

export const handlers = (world: World) => [
  ...customerRoutes(world),
  ...usageRoutes(world),
  ...tokenRoutes(world),
  ...chatRoutes(world),
  http.all("*", () => notFound()),
];
