import { oidcAdapter } from "#adapters/oidc.ts";
import { startAuth0 } from "#mocks/identity/auth0.ts";
import type { Harness } from "../harness.ts";
import { auth0Harness } from "./auth0.ts";
import { runMock } from "./identity-mock.ts";

/** Found by discovery alone: nothing here says where anything is. */
export const oidcHarness: Harness = {
  adapter: oidcAdapter(null),
  lacks: {
    ambient: "people leave for the provider and come back",
    iss: "the mock's metadata announces no iss in its answer; its id_token has one",
  },
  lookAlikes: auth0Harness.lookAlikes,
  idTokenFaults: auth0Harness.idTokenFaults ?? [],
  start: (registered) =>
    runMock(
      {
        start: startAuth0,
        issuer: (url) => `${url}/`,
        env: (url, { clientId, clientSecret }) => ({
          OIDC_ISSUER: `${url}/`,
          OIDC_CLIENT_ID: clientId,
          OIDC_CLIENT_SECRET: clientSecret,
        }),
        subject: (unique) => `auth0|${unique}`,
      },
      registered,
    ),
};
