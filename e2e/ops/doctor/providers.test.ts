/** Faults of the identity providers, and of what they know of us. */
import { afterAll, beforeAll, describe, it, onTestFinished } from "vitest";
import { startOidc } from "#mocks/identity/oidc.ts";
import { type Deployment, freePort, listen, startDeployment } from "./deployment.ts";
import { buildDoctor, type Doctor, type Environment, type Expected, expectFailure } from "./run-doctor.ts";
import { startTampering } from "./tampering.ts";

describe("an identity provider", { timeout: 60_000 }, () => {
  let doctor: Doctor;
  let deployment: Deployment;
  beforeAll(async () => {
    [doctor, deployment] = await Promise.all([buildDoctor(), startDeployment()]);
  });
  afterAll(() => Promise.all([doctor.close(), deployment.close()]));

  const expectFault = async (change: Environment, expected: Omit<Expected, "check">) =>
    expectFailure(await doctor.examine({ ...deployment.env, ...change }), deployment.secrets, {
      check: "adapters",
      ...expected,
    });

  it("that does not know our secret", () =>
    expectFault(
      { GITHUB_CLIENT_SECRET: "of-another-application" },
      { variable: "GITHUB_CLIENT_SECRET", found: /incorrect_client_credentials/ },
    ));

  it("that does not know our callback", async () => {
    const { url, close } = await listen((_request, response) => response.end("ok"));
    onTestFinished(close);
    await expectFault(
      { APP_ORIGIN: url },
      { variable: "APP_ORIGIN", found: /are refused where people sign in \(400/ },
    );
  });

  it("that is not listening", async () =>
    expectFault(
      { GITHUB_URL: `http://127.0.0.1:${await freePort()}` },
      { variable: "GITHUB_URL", found: /nothing listens there/ },
    ));

  it("that is no Auth0", async () =>
    expectFault(
      { AUTH0_DOMAIN: deployment.env["GITHUB_URL"] },
      { variable: "AUTH0_DOMAIN", found: /not an Auth0 domain/ },
    ));

  it("of OpenID Connect whose metadata is another's", async () => {
    const { url, close } = await listen((_request, response) =>
      response.end(
        JSON.stringify({
          issuer: "https://id.acme.test",
          authorization_endpoint: "https://id.acme.test/authorize",
          token_endpoint: "https://id.acme.test/token",
          jwks_uri: "https://id.acme.test/jwks",
        }),
      ),
    );
    onTestFinished(close);
    await expectFault(
      { AUTH_ADAPTERS: "oidc", OIDC_ISSUER: url, OIDC_CLIENT_ID: "id", OIDC_CLIENT_SECRET: "of-no-use" },
      {
        variable: "OIDC_ISSUER",
        found: /of another issuer, "https:\/\/id\.acme\.test"/,
      },
    );
  });

  it("of OpenID Connect that does not know our secret", async () => {
    const appOrigin = deployment.env["APP_ORIGIN"] ?? "";
    const { url, close } = await startOidc({ port: 0, appOrigin });
    onTestFinished(close);
    await expectFault(
      {
        AUTH_ADAPTERS: "oidc",
        OIDC_ISSUER: url,
        OIDC_CLIENT_ID: "mock-client",
        OIDC_CLIENT_SECRET: "of-another-application",
      },
      { variable: "OIDC_CLIENT_SECRET", found: /are not accepted.* 401/ },
    );
  });

  it("of JWTs that publishes no keys", async () => {
    const { url, close } = await listen((_request, response) => response.end("<h1>Keys</h1>"));
    onTestFinished(close);
    const jwt = { JWT_ISSUER: url, JWT_AUDIENCE: "app", JWT_JWKS_URL: `${url}/jwks`, JWT_HEADER: "x-jwt" };
    await expectFault({ AUTH_ADAPTERS: "jwt", ...jwt }, { variable: "JWT_JWKS_URL", found: /no key set/ });
  });

  it("that signs in another name than its domain", async () => {
    const { url, close } = await startTampering(deployment.auth0Url, {});
    onTestFinished(close);
    await expectFault({ AUTH0_DOMAIN: url }, { variable: "AUTH0_DOMAIN", found: /signs in another name/ });
  });
});
