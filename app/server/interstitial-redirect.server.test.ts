import { describe, expect, it } from "vitest";
import { interstitialRedirect } from "./interstitial-redirect.server.tsx";

const textOf = (address: string) => interstitialRedirect(new URL(address), new Headers()).text();

describe("the page that leads to another site", () => {
  it("goes there by itself, or by its link, and is never kept", async () => {
    const response = interstitialRedirect(
      new URL("https://id.example.com/authorize?state=s&scope=a+b"),
      new Headers({ "set-cookie": "attempt=1", location: "x" }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.getSetCookie()).toEqual(["attempt=1"]);
    const page = await response.text();
    expect(page).toContain('content="0;url=https://id.example.com/authorize?state=s&amp;scope=a+b"');
    expect(page).toContain(">Continue to id.example.com</a>");
  });

  it("lets nothing of the address become markup", async () => {
    const page = await textOf(`https://id.example.com/"><script>alert(1)</script>?a="><b>'`);
    expect(page).not.toMatch(/<script|<b>|"">/);
  });
});
