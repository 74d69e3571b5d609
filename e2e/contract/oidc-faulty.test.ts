/**
 * The `oidc` adapter against a provider that breaks every rule on demand, as a second instance with its own
 * name; the rules that hold for every adapter are in e2e/conformance.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AdapterError, type RedirectConnection } from "#adapters/adapter.ts";
import { startOidcFaulty } from "#mocks/identity/oidc-faulty.ts";
import { clientFor, connect, controlOf, createVisitor } from "./visitor.ts";

const client = clientFor("oidc:faulty");
let provider: Awaited<ReturnType<typeof startOidcFaulty>>;
let connection: RedirectConnection;
let control: ReturnType<typeof controlOf>;

const connectFaulty = () =>
  connect("oidc:faulty", {
    OIDC_FAULTY_ISSUER: provider.url,
    OIDC_FAULTY_CLIENT_ID: client.clientId,
    OIDC_FAULTY_CLIENT_SECRET: client.clientSecret,
  });

beforeAll(async () => {
  provider = await startOidcFaulty({ port: 0, clients: [client] });
  control = controlOf(provider.url);
  connection = await connectFaulty();
}, 30_000);
afterAll(() => provider.close());
beforeEach(() => control.reset());

const visitor = () => createVisitor("oidc:faulty", connection);
const fay = () => ({ issuer: provider.url, subject: "user-1", name: "Fay Example" });
/** The endpoints that were called in the name of the app, in order. */
const called = async () =>
  (await control.received()).map(({ endpoint }) => endpoint).filter((endpoint) => endpoint !== "authorize");

/** What came of it, and what the log would hold of it. */
async function refusalOf(persona = "fay"): Promise<AdapterError> {
  const outcome = await visitor()
    .signIn(persona)
    .catch((error: unknown) => error);
  if (!(outcome instanceof AdapterError)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  expect(`${outcome.message} ${String(outcome.cause)}`).not.toMatch(/canary|evil|555/);
  return outcome;
}

it("signs in while nothing is wrong, with the secret in the body where the provider takes it there", async () => {
  expect(await visitor().signIn("fay")).toEqual(fay());
  expect((await control.received()).find(({ endpoint }) => endpoint === "token")).toMatchObject({
    client_auth: "post",
    pkce: "matched",
    redirect_uri: client.redirectUris[0],
  });
  expect(connection.signOutUrl?.(new URL(client.logoutUrls[0] ?? ""))).toBeNull();
});

describe("an answer that is not to be trusted", () => {
  it.each([
    ["wrong_iss", "invalid_response"],
    ["omit_iss", "invalid_response"],
    ["omit_state", "invalid_state"],
    ["wrong_state", "invalid_state"],
  ])("%s is refused before the code is sent anywhere", async (fault, code) => {
    await control.arm("fay", fault);
    expect((await refusalOf()).code).toBe(code);
    expect(await called()).toEqual([]);
  });

  it.each([
    ["id_token_alg_none", ""],
    ["id_token_hs256", ""],
    ["id_token_bad_signature", ""],
    ["id_token_unknown_key", ""],
    ["id_token_wrong_aud", "aud"],
    ["id_token_wrong_iss", "iss"],
    ["id_token_wrong_nonce", "nonce"],
    ["id_token_expired", "exp"],
    ["id_token_future_iat", "iat"],
    ["id_token_wrong_azp", "azp"],
    ["id_token_no_azp", "aud"],
    ["id_token_access_token", "typ"],
    ["id_token_logout_token", "typ"],
  ])("%s is refused before the access token is used", async (fault, claim) => {
    await control.arm("fay", fault);
    const refusal = await refusalOf();
    expect(refusal.code).toBe("invalid_response");
    expect(refusal.message).toMatch(new RegExp(`${claim}$`));
    expect(await called()).toEqual(["token"]);
    expect(await visitor().signIn("fay")).toEqual(fay());
  });

  it("profile_wrong_subject is refused: the access token is another user's", async () => {
    await control.arm("fay", "profile_wrong_subject");
    expect((await refusalOf()).code).toBe("invalid_response");
  });
});

describe("metadata and keys", () => {
  it("metadata_wrong_issuer is refused when it is met, and the right one is taken after it", async () => {
    await control.arm("*", "metadata_wrong_issuer");
    await expect(connectFaulty()).rejects.toMatchObject({ code: "invalid_response" });
    await expect(connectFaulty()).resolves.toMatchObject({ origins: [provider.url] });
  });

  it("metadata_link_local is refused: the endpoint would reach what only this machine may", async () => {
    await control.arm("*", "metadata_link_local");
    await expect(connectFaulty()).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringMatching(/private network: userinfo_endpoint$/),
    });
  });

  it.each([false, true])("new keys sign people in at once (old ones withdrawn: %s)", async (withdraw) => {
    await visitor().signIn("fay");
    await control.rotate(withdraw);
    expect(await visitor().signIn("fay")).toEqual(fay());
  });
});
