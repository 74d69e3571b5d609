import { expect, it } from "vitest";
import { createRedact } from "./redact.ts";

const redact = createRedact({
  SESSION_SECRET: "first-secret-canary, second-secret-canary",
  RINGSIDE_API_KEY: "sk_live_canary",
  OIDC_CLIENT_SECRET: "short",
  REDIS_URL: "rediss://user:password-canary@redis.acme.test:6380",
  APP_ORIGIN: "https://usage.acme.test",
});

it.each([
  ["refused sk_live_canary", "refused [redacted]"],
  ["second-secret-canary leaked", "[redacted] leaked"],
  ["first-secret-canary, second-secret-canary", "[redacted]"],
  ["with password-canary", "with [redacted]"],
  ["Client eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjdXNfMSJ9.c2ln", "Client [redacted]"],
])("cuts a secret out of %j", (text, expected) => expect(redact(text)).toBe(expected));

it("leaves what is no secret, and words that a weak one happens to be", () => {
  const text = "https://usage.acme.test is too short for user";
  expect(redact(text)).toBe(text);
});
