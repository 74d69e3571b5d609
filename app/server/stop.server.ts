/**
 * Graceful stop, in three steps. First `/readyz` says no while everything else is still answered, so that a balancer
 * takes this process out before anybody meets a closed door. Then no new connection is taken, which every proxy
 * answers by asking another process. Then whatever has come in is answered, and each answer ends its connection.
 */
import type { Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { RequestHandler } from "express";
import { log } from "#app/server/log.server.ts";

/** Balancers ask about once a second. */
const NOTICE_MS = 2_000;
/** From the signal on; orchestrators kill after 10 s. */
const DEADLINE_MS = 9_000;

export interface Stop {
  /** Goes before everything that answers. */
  readonly gate: RequestHandler;
  /**
   * Resolves when every answer has been given, or time is up.
   * @param notice false skips the first step, for a person at a terminal
   */
  run(server: Server, notice: boolean): Promise<void>;
}

export function createStop(): Stop {
  let stopping = false;
  let inside = 0;
  let onEmpty = () => {};

  return {
    gate(request, response, next) {
      inside += 1;
      response.once("close", () => {
        inside -= 1;
        if (inside === 0) onEmpty();
      });
      if (!stopping) return next();
      response.setHeader("connection", "close");
      if (request.path !== "/readyz") return next();
      response.status(503).set("cache-control", "no-store").type("text").send("stopping\n");
    },

    async run(server, notice) {
      log.info({ event: "stopping", inside });
      const deadline = pause(DEADLINE_MS);
      stopping = true;
      if (notice) await pause(NOTICE_MS);
      server.close();
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
        if (inside === 0) resolve();
      });
      await Promise.race([empty, deadline]);
      log.info({ event: "stopped", cut_off: inside });
      // Also those that only wait for a next request, or never sent one.
      server.closeAllConnections();
    },
  };
}
