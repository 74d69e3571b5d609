/** What the doctor examines: the app's own reading of its configuration, faults and all. */
import { type ConfigReading, readConfig } from "#app/config/config.server.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is null where its variable is missing or at fault. */
export type DoctorConfig = Omit<ConfigReading, "values"> &
  ConfigReading["values"] & { ringside: { url: URL; apiKey: string } | null };

export function readDoctorConfig(environment: Environment): DoctorConfig {
  const { values, ...reading } = readConfig(environment);
  const { ringsideUrl: url, ringsideApiKey: apiKey } = values;
  return { ...values, ...reading, ringside: url && apiKey ? { url, apiKey } : null };
}
