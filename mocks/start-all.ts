/** Every mock at once. */
import { MOCK_API_KEY, MOCK_CLIENT, type MockOptions, type MockPorts, mockUrl } from "./environment.ts";
import { startAuth0 } from "./identity/auth0.ts";
import { startGithub } from "./identity/github.ts";
import { startOidc } from "./identity/oidc.ts";
import { startOidcFaulty } from "./identity/oidc-faulty.ts";
import { demoCustomers, type SeedCustomer } from "./ringside/personas.ts";
import { startRingside } from "./ringside/server.ts";

/** @param appOrigin where the app will be served: redirect URIs are registered for it */
export async function startMocks(
  appOrigin: string,
  ports: MockPorts,
  { faulty = false }: MockOptions = {},
): Promise<{ close(): Promise<void> }> {
  const clientOf = (adapterId: string) => ({
    ...MOCK_CLIENT,
    redirectUris: [`${appOrigin}/auth/${adapterId}/callback`],
    logoutUrls: [`${appOrigin}/sign-in`],
  });
  const servers = await Promise.all([
    startRingside({
      port: ports.ringside,
      apiKey: MOCK_API_KEY,
      seed: [...demoCustomers, ...providerCustomers(ports)],
    }),
    startGithub({ port: ports.github, clients: [clientOf("github")] }),
    startAuth0({ port: ports.auth0, clients: [clientOf("auth0")] }),
    startOidc({ port: ports.oidc, clients: [clientOf("oidc")] }),
    ...(faulty ? [startOidcFaulty({ port: ports.oidcFaulty, clients: [clientOf("oidc:faulty")] })] : []),
  ]);
  return {
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** The providers' own personas have a past as well, so that every button leads to figures. */
function providerCustomers(ports: MockPorts): SeedCustomer[] {
  const github = new URL(mockUrl(ports.github)).host;
  return [
    {
      external_id: `github_${github}_583231`,
      name: "Ada Lovelace",
      history: "steady",
      budget_usd: 400,
      traffic: true,
    },
    {
      external_id: "auth0_auth0|64f1c0ffee",
      name: "Grace Hopper",
      history: "spiky",
      budget_usd: 250,
      traffic: true,
    },
    { external_id: "auth0_google-oauth2|1093", name: "Alan Kay", history: "tiny", traffic: true },
    {
      external_id: "oidc_3f0c1e6e-9d1a-4c55-8a39-0d6a1f0a7b11",
      name: "Barbara Liskov",
      history: "steady",
      budget_usd: 320,
      traffic: true,
    },
    { external_id: "oidc_00u1a2b3c4", name: "Edsger Dijkstra", history: "spiky", traffic: true },
  ];
}
