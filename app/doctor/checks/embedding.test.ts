import { describe, expect, it } from "vitest";
import { Unreachable } from "../ask.ts";
import { readSubject } from "../subject.ts";
import { embedding } from "./embedding.ts";

const APP = "https://app.acme.test";
const OTHER = "https://other.acme.test";
const env = {
  NODE_ENV: "production",
  APP_ORIGIN: "https://usage.acme.test",
  EMBED_ORIGINS: `${APP},${OTHER}`,
};

/** What the check says of an app that answers `/embed` so. */
async function found(answer: { status?: number; policies?: string[] } | null, environment: object = env) {
  const ask = async (url: string | URL) => {
    expect(String(url)).toBe("https://usage.acme.test/embed");
    if (!answer) throw new Unreachable("refuses connections");
    const headers = new Headers();
    for (const policy of answer.policies ?? []) headers.append("content-security-policy", policy);
    return { status: answer.status ?? 200, headers, body: undefined, text: "", sentAt: 0, receivedAt: 0 };
  };
  return embedding({ subject: readSubject({ ...environment }), ask });
}
const ours = `default-src 'none'; frame-ancestors ${APP} ${OTHER}; base-uri 'none'`;

describe("embedding", () => {
  it("is well when the policy that arrives names every origin", async () => {
    expect(await found({ policies: [ours] })).toMatchObject([{ status: "ok" }]);
    expect(await found({ policies: [ours, "upgrade-insecure-requests"] })).toMatchObject([{ status: "ok" }]);
  });

  it.each([
    ["no policy arrives", { policies: [] }, /shuts out https:\/\/app\.acme\.test, https:\/\/other/],
    [
      "the policy is another's",
      { policies: [`frame-ancestors ${APP}`] },
      /shuts out https:\/\/other\.acme\.test$/,
    ],
    ["a proxy adds one", { policies: [ours, "frame-ancestors 'self'"] }, /shuts out https:\/\/app/],
    ["the app runs without it", { status: 404 }, /404/],
  ])("fails when %s", async (_, answer, words) => {
    expect(await found(answer)).toMatchObject([
      { status: "failure", variables: ["EMBED_ORIGINS"], found: expect.stringMatching(words) },
    ]);
  });

  it.each([[{ status: 302 }], [{ status: 403 }], [null]])("is not checked behind %j", async (answer) => {
    expect(await found(answer)).toMatchObject([
      { status: "warning", found: expect.stringMatching(/not checked/) },
    ]);
  });

  it("asks nobody when it is off or at fault", async () => {
    expect(await found(null, { ...env, EMBED_ORIGINS: "" })).toMatchObject([{ status: "ok" }]);
    expect(await found(null, { ...env, EMBED_ORIGINS: "https://*.acme.test" })).toEqual([]);
  });
});
