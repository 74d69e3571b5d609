import { auth0 } from "#adapters/auth0.ts";
import { startAuth0 } from "#mocks/identity/auth0.ts";
import { ID_TOKEN_FAULTS } from "#mocks/identity/faults.ts";
import type { Harness } from "../harness.ts";
import { runMock } from "./identity-mock.ts";

export const auth0Harness: Harness = {
  adapter: auth0,
  lacks: {
    ambient: "people leave for Auth0 and come back",
    iss: "Auth0 does not name itself in its answer; its id_token does",
  },
  lookAlikes: [
    "auth0|a/b",
    "auth0|a%2Fb",
    "auth0|A/b",
    "google-oauth2|a/b",
    `auth0|${"x".repeat(200)}1`,
    `auth0|${"x".repeat(200)}2`,
  ],
  idTokenFaults: ID_TOKEN_FAULTS,
  start: (registered) =>
    runMock(
      {
        start: startAuth0,
        issuer: (url) => `${url}/`,
        env: (url, { clientId, clientSecret }) => ({
          AUTH0_DOMAIN: url,
          AUTH0_CLIENT_ID: clientId,
          AUTH0_CLIENT_SECRET: clientSecret,
        }),
        subject: (unique) => `auth0|${unique}`,
      },
      registered,
    ),
};
