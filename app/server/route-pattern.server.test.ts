import { describe, expect, it } from "vitest";
import { routePatterns } from "./route-pattern.server.ts";

const patternOf = routePatterns({
  root: { path: "" },
  "routes/_index": { parentId: "root", index: true },
  "routes/auth.$adapter": { path: "auth/:adapter", parentId: "root" },
  "routes/auth.$adapter.callback": { path: "auth/:adapter/callback", parentId: "root" },
  "routes/auth.help": { path: "auth/help", parentId: "root" },
  "routes/team": { path: "team", parentId: "root" },
  "routes/team.member": { path: ":member", parentId: "routes/team" },
});

describe("routePatterns", () => {
  it.each([
    ["/", "/"],
    ["/_root.data", "/"],
    ["/auth/github", "/auth/:adapter"],
    ["/auth/help", "/auth/help"],
    ["/auth/github/callback", "/auth/:adapter/callback"],
    ["/auth/", "other"],
    ["/AUTH/help/", "/auth/help"],
    ["/auth/github/%63allback", "/auth/:adapter/callback"],
    ["/auth/github%2Fcallback", "/auth/:adapter"],
    ["/%zz", "other"],
    ["/team/ada", "/team/:member"],
    ["/team.data", "/team"],
    ["/assets/entry-abc.js", "/assets/*"],
    ["/wp-login.php", "other"],
  ])("%s is %s", (path, pattern) => expect(patternOf(path)).toBe(pattern));
});
