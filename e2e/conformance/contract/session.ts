/** SES: what an adapter can do about it, which is to know where the provider is signed out of. */
import { assert, type Check } from "./check.ts";
import { redirecting, SIGNED_OUT } from "./subject.ts";

export const sessionChecks: Record<string, Check> = {
  "SES-6": async (subject) => {
    await subject.signIn(await subject.provider.person());
    const url = redirecting(subject).signOutUrl?.(SIGNED_OUT);
    assert.ok(url, "the adapter names no page for signing out");
    const before = (await subject.provider.received()).length;
    const response = await fetch(url, { redirect: "manual" });
    assert.ok(response.status < 400, `the provider's page for signing out answered ${response.status}`);
    const received = (await subject.provider.received()).slice(before);
    const asked = received.find(({ endpoint }) => endpoint === "logout");
    assert.ok(asked, "the provider was not asked to sign anybody out");
    assert.match(
      JSON.stringify(asked),
      new RegExp(`"${SIGNED_OUT.href}"`),
      "it was not told where to lead back",
    );
  },
};
