/** Every adapter that is held to the rules. A test fails when the registry has one that is not here. */
import type { Harness } from "../harness.ts";
import { auth0Harness } from "./auth0.ts";
import { demoHarness } from "./demo.ts";
import { githubHarness } from "./github.ts";
import { jwtHarness } from "./jwt.ts";
import { oidcHarness } from "./oidc.ts";

export const harnesses: readonly Harness[] = [
  demoHarness,
  githubHarness,
  auth0Harness,
  oidcHarness,
  jwtHarness,
];
