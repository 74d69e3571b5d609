/** What is particular to `oidc`, against oidc-provider; the rules that hold for every adapter are in e2e/conformance. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RedirectConnection } from "#adapters/adapter.ts";
import { startOidc } from "#mocks/identity/oidc.ts";
import { clientFor, connect, controlOf, createVisitor } from "./visitor.ts";

const client = clientFor("oidc");
let provider: Awaited<ReturnType<typeof startOidc>>;
let connection: RedirectConnection;
let control: ReturnType<typeof controlOf>;

beforeAll(async () => {
  provider = await startOidc({ port: 0, clients: [client], sleep: async () => {} });
  control = controlOf(provider.url);
  connection = await connect("oidc", {
    OIDC_ISSUER: provider.url,
    OIDC_CLIENT_ID: client.clientId,
    OIDC_CLIENT_SECRET: client.clientSecret,
  });
}, 30_000);
afterAll(() => provider.close());
beforeEach(() => control.reset());

const visitor = () => createVisitor("oidc", connection);

describe("signing in", () => {
  it("says who it is, and has proved itself by PKCE and by a secret in a Basic header", async () => {
    expect(await visitor().signIn("barbara")).toEqual({
      issuer: provider.url,
      subject: "3f0c1e6e-9d1a-4c55-8a39-0d6a1f0a7b11",
      name: "Barbara Liskov",
      email: "barbara@example.com",
    });
    const [asked, , token, userinfo, ...others] = await control.received();
    expect(asked).toMatchObject({
      query: { response_type: "code", code_challenge_method: "S256", redirect_uri: client.redirectUris[0] },
    });
    expect(token).toMatchObject({ endpoint: "token", client_auth: "basic", pkce: "matched", error: null });
    expect(userinfo).toMatchObject({ endpoint: "userinfo", status: 200 });
    expect(others).toEqual([]);
  });

  it("is not given an e-mail that is not verified, and needs no name", async () => {
    expect(await visitor().signIn("edsger")).toEqual({
      issuer: provider.url,
      subject: "00u1a2b3c4",
      name: "Edsger Dijkstra",
    });
    expect(await visitor().signIn("nameless")).toEqual({ issuer: provider.url, subject: "nameless/1?#%2F" });
  });

  it("cannot use a code that was given to another browser: it fits none of its verifiers", async () => {
    const [thief, victim] = [visitor(), visitor()];
    const [own, stolen] = [await thief.fetchAnswer("edsger"), await victim.fetchAnswer("barbara")];
    await expect(thief.comeBack({ ...own, code: stolen["code"] ?? "" })).rejects.toMatchObject({
      code: "provider_unavailable",
    });
    expect((await control.received()).at(-1)).toMatchObject({ pkce: "mismatched", error: "invalid_grant" });
  });
});

describe("signing out", () => {
  it("leads to the provider's own page, which knows this app and asks", async () => {
    const person = visitor();
    await person.signIn("barbara");
    const returnTo = new URL(client.logoutUrls[0] ?? "");
    const url = connection.signOutUrl?.(returnTo);
    if (!url) throw new Error("the provider offers a page to sign out");
    const page = await person.browse(url);
    expect(page.status).toBe(200);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
    const out = await person.browse(new URL("/session/end/confirm", provider.url), { xsrf, logout: "yes" });
    expect(out.headers.get("location")).toBe(returnTo.href);
  });
});

describe("a profile that fails", () => {
  it("profile_500: signed in all the same, without a name", async () => {
    await control.arm("barbara", "profile_500");
    expect(await visitor().signIn("barbara")).not.toHaveProperty("name");
  });

  it("profile_wrong_subject: no user is signed in", async () => {
    await control.arm("barbara", "profile_wrong_subject");
    await expect(visitor().signIn("barbara")).rejects.toMatchObject({ code: "invalid_response" });
  });
});
