/** The `oidc` adapter against oidc-provider, the certified implementation. */
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

  it("is the same person under another name and e-mail", async () => {
    const before = await visitor().signIn("edsger");
    await control.persona({
      id: "edsger",
      subject: "00u1a2b3c4",
      name: "E. W. D.",
      email: "ewd@example.com",
    });
    expect(await visitor().signIn("edsger")).toEqual({ ...before, name: "E. W. D." });
  });

  it("works in two tabs at once, in any order", async () => {
    const person = visitor();
    const [first, second] = [await person.fetchAnswer("barbara"), await person.fetchAnswer("barbara")];
    await expect(person.comeBack(second)).resolves.toMatchObject({ name: "Barbara Liskov" });
    await expect(person.comeBack(first)).resolves.toMatchObject({ name: "Barbara Liskov" });
  });

  it("works once: an answer that is shown again is nobody's", async () => {
    const person = visitor();
    const answer = await person.fetchAnswer("barbara");
    await person.comeBack(answer);
    await expect(person.comeBack(answer)).rejects.toMatchObject({ code: "invalid_state" });
    await expect(visitor().comeBack(answer)).rejects.toMatchObject({ code: "invalid_state" });
  });

  it("cannot use a code that was given to somebody else: it fits no verifier of theirs", async () => {
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

describe("a provider that says no or fails", () => {
  it.each([
    ["deny", "access_denied"],
    ["error_text", "access_denied"],
    ["omit_state", "invalid_state"],
    ["wrong_state", "invalid_state"],
    ["omit_iss", "invalid_response"],
    ["wrong_iss", "invalid_response"],
  ])("%s: %s, and nothing was asked for in return", async (fault, code) => {
    await control.arm("barbara", fault);
    const error = await visitor()
      .signIn("barbara")
      .catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toMatch(/locked|555|evil/);
    expect((await control.received()).filter(({ endpoint }) => endpoint !== "authorize")).toEqual([]);
  });

  it.each(["token_500", "token_error_200", "token_redirect", "token_garbage"])(
    "%s: nobody is signed in, and the next attempt works",
    async (fault) => {
      await control.arm("barbara", fault);
      const person = visitor();
      await expect(person.signIn("barbara")).rejects.toMatchObject({
        code: expect.stringMatching(/^(provider_unavailable|invalid_response)$/),
      });
      await expect(person.signIn("barbara")).resolves.toMatchObject({ name: "Barbara Liskov" });
    },
  );

  it("profile_500: signed in all the same, without a name", async () => {
    await control.arm("barbara", "profile_500");
    expect(await visitor().signIn("barbara")).not.toHaveProperty("name");
  });

  it("profile_wrong_subject: nobody is signed in", async () => {
    await control.arm("barbara", "profile_wrong_subject");
    await expect(visitor().signIn("barbara")).rejects.toMatchObject({ code: "invalid_response" });
  });
});
