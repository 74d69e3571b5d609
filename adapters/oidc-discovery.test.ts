import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDiscovery } from "./oidc-discovery.ts";
import { type Route, startProvider, type TestProvider } from "./testing/provider.ts";

const PATH = "/.well-known/openid-configuration";
const HOUR = 3_600_000;

let provider: TestProvider;
let answer: Route;
let issuer: URL;
const metadata = (over: object = {}) => ({
  issuer: provider.url,
  authorization_endpoint: "https://login.example.com/authorize",
  token_endpoint: "https://login.example.com/token",
  jwks_uri: "https://login.example.com/jwks",
  ...over,
});

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const route: Route = (received) => answer(received);
  provider = await startProvider({ [`GET ${PATH}`]: route, [`GET /realms/staff${PATH}`]: route });
  answer = () => Response.json(metadata());
  issuer = new URL(provider.url);
});
afterEach(async () => {
  await provider.close();
  vi.useRealTimers();
});

describe("discovery", () => {
  it("asks once for all users, and knows it from then on", async () => {
    const discovery = createDiscovery(issuer);
    expect(discovery.known).toBeNull();
    const answers = await Promise.all([discovery.metadata(), discovery.metadata()]);
    expect(answers[0]).toMatchObject(metadata());
    expect(discovery.known).toEqual(answers[1]);
    await discovery.metadata();
    expect(provider.received.map(({ route }) => route)).toEqual([`GET ${PATH}`]);
  });

  it.each(["/realms/staff", "/realms/staff/"])("keeps the issuer's path %s", async (path) => {
    answer = () => Response.json(metadata({ issuer: provider.url + path }));
    await expect(createDiscovery(new URL(path, issuer)).metadata()).resolves.toMatchObject({
      issuer: provider.url + path,
    });
    expect(provider.received[0]?.route).toBe(`GET /realms/staff${PATH}`);
  });

  it.each([
    ["another provider", "https://evil.example.com"],
    ["another realm", "<url>/realms/other"],
    ["the same path with a slash", "<url>/realms/staff/"],
    ["nothing that is an address", "staff"],
  ])("D9: refuses metadata that names %s", async (_, named) => {
    answer = () => Response.json(metadata({ issuer: named.replace("<url>", provider.url) }));
    const discovery = createDiscovery(new URL("/realms/staff", issuer));
    await expect(discovery.metadata()).rejects.toMatchObject({
      code: "invalid_response",
      message: expect.stringContaining("of another issuer"),
    });
    expect(discovery.known).toBeNull();
  });

  it("says what to set where Entra answers for the people of every company", async () => {
    answer = () => Response.json(metadata({ issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }));
    await expect(createDiscovery(issuer).metadata()).rejects.toThrow("set the issuer of one tenant");
  });

  it("lets no address pass because it is Microsoft's", async () => {
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json(metadata()));
    const common = createDiscovery(new URL("https://login.microsoftonline.com/common/v2.0"));
    await expect(common.metadata()).rejects.toMatchObject({ code: "invalid_response" });
    expect(fetched).toHaveBeenCalledOnce();
  });

  it.each([
    [{ authorization_endpoint: undefined }, "authorization_endpoint"],
    [{ token_endpoint: "http://login.example.com/token" }, "token_endpoint"],
    [{ authorization_endpoint: "javascript:alert(1)" }, "authorization_endpoint"],
    [{ jwks_uri: "" }, "jwks_uri"],
  ])("refuses metadata with %j", async (over, field) => {
    answer = () => Response.json(metadata(over));
    await expect(createDiscovery(issuer).metadata()).rejects.toMatchObject({
      code: "invalid_response",
      message: `invalid_response: metadata: unusable: ${field}`,
    });
  });

  it.each([
    ["authorization_endpoint", "https://169.254.169.254/latest/meta-data"],
    ["token_endpoint", "https://10.0.0.7/token"],
    ["jwks_uri", "https://192.168.1.1/jwks"],
    ["userinfo_endpoint", "https://[fd00:ec2::254]/"],
    ["end_session_endpoint", "https://[::ffff:172.16.0.1]/"],
    ["pushed_authorization_request_endpoint", "https://100.100.100.200/"],
  ])("refuses a provider that names a network which is not its own: %s %s", async (field, url) => {
    answer = () => Response.json(metadata({ [field]: url }));
    await expect(createDiscovery(issuer).metadata()).rejects.toMatchObject({
      code: "invalid_response",
      message: `invalid_response: metadata: on this machine or in a private network: ${field}`,
    });
  });

  it.each(["http://127.0.0.1:1/", "https://localhost./", "https://2130706433/", "https://a.localhost/"])(
    "lets only a provider on this machine name %s",
    async (url) => {
      const found = metadata({ token_endpoint: url, end_session_endpoint: url });
      answer = () => Response.json(found);
      await expect(createDiscovery(issuer).metadata()).resolves.toMatchObject({
        token_endpoint: url,
        end_session_endpoint: url,
      });
      const remote = { ...found, issuer: "https://id.example.com" };
      const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(Response.json(remote));
      await expect(createDiscovery(new URL(remote.issuer)).metadata()).rejects.toMatchObject({
        message: expect.stringContaining("token_endpoint, end_session_endpoint"),
      });
      fetched.mockRestore();
    },
  );

  it("lets a provider in a private network name that network", async () => {
    const remote = metadata({ issuer: "https://10.0.0.7", token_endpoint: "https://10.0.0.8/token" });
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(Response.json(remote));
    await expect(createDiscovery(new URL("https://10.0.0.7")).metadata()).resolves.toMatchObject(remote);
    fetched.mockRestore();
  });

  it("does without what a provider need not have, when it cannot be used", async () => {
    answer = () =>
      Response.json(metadata({ end_session_endpoint: null, userinfo_endpoint: "http://x.example.com/" }));
    const found = await createDiscovery(issuer).metadata();
    expect(found.end_session_endpoint).toBeUndefined();
    expect(found.userinfo_endpoint).toBeUndefined();
  });

  it.each<[string, Route, string]>([
    ["fails", () => new Response("canary", { status: 503 }), "status 503"],
    [
      "redirects",
      () => new Response(null, { status: 302, headers: { location: "/other" } }),
      "FetchError 302 redirected",
    ],
    ["answers a page", () => new Response("<p>canary</p>"), "SyntaxError"],
  ])(
    "is refused for now by a provider that %s, and asks again when asked again",
    async (_, fault, detail) => {
      answer = fault;
      const discovery = createDiscovery(issuer);
      await expect(discovery.metadata()).rejects.toMatchObject({
        code: "provider_unavailable",
        message: `provider_unavailable: metadata: ${detail}`,
      });
      answer = () => Response.json(metadata());
      await expect(discovery.metadata()).resolves.toMatchObject({ issuer: provider.url });
    },
  );

  it("asks anew after an hour, so that a provider may move", async () => {
    const discovery = createDiscovery(issuer);
    await discovery.metadata();
    answer = () => Response.json(metadata({ token_endpoint: "https://moved.example.com/token" }));
    vi.setSystemTime(Date.now() + HOUR - 1);
    expect((await discovery.metadata()).token_endpoint).toBe("https://login.example.com/token");
    vi.setSystemTime(Date.now() + 1);
    expect((await discovery.metadata()).token_endpoint).toBe("https://moved.example.com/token");
    expect(provider.received).toHaveLength(2);
  });

  it.each<[string, Route]>([
    ["is down", () => new Response(null, { status: 500 })],
    ["is another issuer", () => Response.json({ ...metadata(), issuer: "https://evil.example.com" })],
  ])("keeps what it knows when the provider %s at that time, and asks once a minute", async (_, fault) => {
    const discovery = createDiscovery(issuer);
    const first = await discovery.metadata();
    answer = fault;
    vi.setSystemTime(Date.now() + HOUR);
    expect(await discovery.metadata()).toEqual(first);
    vi.setSystemTime(Date.now() + 59_999);
    expect(await discovery.metadata()).toEqual(first);
    expect(provider.received).toHaveLength(2);
    vi.setSystemTime(Date.now() + 1);
    await discovery.metadata();
    expect(provider.received).toHaveLength(3);
  });
});
