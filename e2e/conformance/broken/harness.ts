/** Harnesses for adapters that are test data. */
import * as z from "zod";
import { type AppInfo, defineAdapter, type Identity } from "#adapters/adapter.ts";
import { mock as auth0 } from "#mocks/identity/auth0.ts";
import { mockedHarness } from "../harness/mocked.ts";
import type { Harness } from "../harness.ts";
import { startLenient } from "./provider.ts";
import type { Settings, Sound } from "./sound.ts";

export type SoundClass = new (settings: Settings, app: AppInfo) => Sound;
export type ExternalId = (identity: Identity) => string;

const soundExternalId: ExternalId = ({ subject }) => `test_${subject}`;

const adapterOf = (Adapter: SoundClass, externalId: ExternalId, names: [string, string, string]) => {
  const [url, clientId, clientSecret] = names;
  const env = z.object({ [url]: z.string(), [clientId]: z.string(), [clientSecret]: z.string() });
  return defineAdapter({
    id: "test",
    label: "Test",
    env,
    connect: (values, app) =>
      new Adapter(
        {
          url: values[url] ?? "",
          clientId: values[clientId] ?? "",
          clientSecret: values[clientSecret] ?? "",
        },
        app,
      ).connection(),
    externalId,
  });
};

/** At the provider that checks nothing. */
export const lenient = (Adapter: SoundClass, externalId = soundExternalId): Harness => ({
  adapter: adapterOf(Adapter, externalId, ["PROVIDER_URL", "CLIENT_ID", "CLIENT_SECRET"]),
  lacks: {
    ambient: "people are sent away",
    id_token: "this provider sends none",
    end_session: "it has none",
  },
  confusableSubjects: ["a/b", "a%2Fb", "A/b", `${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
  start: startLenient,
});

/** At the mock Auth0, for what is wrong with id_tokens. */
export const openid = (Adapter: SoundClass): Harness =>
  mockedHarness(
    adapterOf(Adapter, soundExternalId, ["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]),
    auth0,
  );
