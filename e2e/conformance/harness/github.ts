import { github } from "#adapters/github.ts";
import { startGithub } from "#mocks/identity/github.ts";
import type { Harness } from "../harness.ts";
import { runMock } from "./identity-mock.ts";

export const githubHarness: Harness = {
  adapter: github,
  lacks: {
    ambient: "people leave for GitHub and come back",
    nonce: "GitHub sends no id_token",
    id_token: "GitHub sends no id_token",
    email: "the adapter asks GitHub for no e-mail",
    end_session: "GitHub has no page for signing out of one app",
  },
  lookAlikes: ["1", "11", "111111111111111", "111111111111112"],
  start: (registered) =>
    runMock(
      {
        start: startGithub,
        issuer: (url) => url,
        env: (url, { clientId, clientSecret }) => ({
          GITHUB_URL: url,
          GITHUB_CLIENT_ID: clientId,
          GITHUB_CLIENT_SECRET: clientSecret,
        }),
        subject: String,
      },
      registered,
    ),
};
