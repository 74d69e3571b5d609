import { describe, expect, it } from "vitest";
import { isAdapterError } from "./adapter.ts";
import { checkIdentity, identitySchema } from "./identity.ts";

const ada = { issuer: "https://github.com", subject: "583231" };

describe("checkIdentity", () => {
  it("passes a whole identity through, and again from a session", () => {
    const whole = { ...ada, name: "Ada", email: "ada@example.com", avatarUrl: "https://example.com/a.png" };
    expect(checkIdentity(whole)).toEqual(whole);
    expect(identitySchema.parse(JSON.parse(JSON.stringify(checkIdentity(whole))))).toEqual(whole);
  });

  it.each(["auth0|a/b?c#d%2F..", "a".repeat(255), "名前", "🦊", " spaced "])(
    "keeps the subject %j",
    (subject) => {
      expect(checkIdentity({ ...ada, subject }).subject).toBe(subject);
    },
  );

  it.each([
    ["", "subject must not be empty"],
    ["a".repeat(256), "subject must not be longer than 255 characters"],
    ["a\u0000b", "subject must not hold control characters"],
    ["a\nb", "subject must not hold control characters"],
    ["a\ud800", "subject must be well-formed Unicode"],
    [583231, "subject"],
    [undefined, "subject"],
  ])("refuses the subject %j without repeating it", (subject, fault) => {
    let thrown: unknown;
    try {
      checkIdentity({ ...ada, subject });
    } catch (error) {
      thrown = error;
    }
    expect(isAdapterError(thrown) && thrown.code).toBe("invalid_response");
    expect(String(thrown)).toContain(fault);
    if (subject) expect(String(thrown)).not.toContain(String(subject));
  });

  it("refuses an identity without an issuer, and no identity at all", () => {
    expect(() => checkIdentity({ subject: "1" })).toThrow("issuer");
    expect(() => checkIdentity(null)).toThrow("identity");
  });

  it("drops display fields that cannot be shown instead of keeping the person out", () => {
    expect(checkIdentity({ ...ada, name: "\u0007 ", email: 7, avatarUrl: "javascript:alert(1)" })).toEqual(
      ada,
    );
    expect(checkIdentity({ ...ada, name: "A".repeat(300) })).toEqual(ada);
    expect(checkIdentity({ ...ada, name: null, roles: ["admin"] })).toEqual(ada);
  });

  it("cleans a name of what would break a line of a log or a page", () => {
    expect(checkIdentity({ ...ada, name: " Ada\r\nLovelace\ud800 " }).name).toBe("Ada Lovelace\ufffd");
  });

  it.each([
    ["https://avatars.example.com/u/1", true],
    ["http://127.0.0.1:4011/u/1", true],
    ["http://localhost/u/1", true],
    ["http://example.com/u/1", false],
    ["data:image/png;base64,AA==", false],
    ["//example.com/u/1", false],
  ])("a picture at %s is shown: %s", (avatarUrl, shown) => {
    expect(checkIdentity({ ...ada, avatarUrl }).avatarUrl).toBe(shown ? avatarUrl : undefined);
  });
});
