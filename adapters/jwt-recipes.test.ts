import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jwtAdapter } from "./jwt.ts";
import { jwtFields } from "./jwt-env.ts";

const folder = new URL("../docs/providers/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

/** The variables of each block that names this adapter, with something in place of `<…>`. */
function recipes(adapter: string): [string, Record<string, string>][] {
  return readdirSync(folder).flatMap((file) =>
    [...read(file).matchAll(/```sh\n(.*?)```/gs)]
      .map(([, block = ""]) => [...block.matchAll(/^([A-Z_]+)=(.*?)(?:\s+#.*)?$/gm)])
      .map((lines) =>
        Object.fromEntries(lines.map(([, name, value]) => [name, value?.replace(/<[^>]+>/g, "x1")])),
      )
      .filter((variables) => variables["AUTH_ADAPTERS"] === adapter)
      .map((variables): [string, Record<string, string>] => [file, variables]),
  );
}

describe("the recipes in docs/providers", () => {
  it("cover what was promised", () => {
    expect(recipes("jwt").map(([file]) => file)).toEqual([
      "aws-alb.md",
      "clerk.md",
      "cloudflare-access.md",
      "firebase.md",
      "google-iap.md",
      "oauth2-proxy.md",
      "supabase.md",
    ]);
  });

  it.each(recipes("jwt"))(
    "give variables that the adapter takes: %s",
    (_file, { AUTH_ADAPTERS: _, ...env }) => {
      const { env: schema } = jwtAdapter(null);
      expect(schema.safeParse(env).error?.issues ?? []).toEqual([]);
      expect(Object.keys(env).filter((name) => !(name.slice("JWT_".length) in jwtFields))).toEqual([]);
    },
  );

  it("explain every variable", () => {
    const explained = [...read("README.md").matchAll(/^\| (`JWT_.*?) \|/gm)].map(([, name]) => name);
    expect(explained).toEqual(Object.keys(jwtFields).map((name) => `\`JWT_${name}\``));
  });
});
