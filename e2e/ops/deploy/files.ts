/** What a deployment is described by, read as the tools that use it read it. */
import { readFileSync } from "node:fs";
import toml from "toml";
import { parse, parseAllDocuments } from "yaml";

export const text = (path: string) => readFileSync(path, "utf8");

type Environment = Record<string, string>;

interface Compose {
  services: { app: { environment: Environment; stop_grace_period: string }; [service: string]: object };
}
interface Fly {
  env: Environment;
  kill_signal: string;
  kill_timeout: number;
  build: { dockerfile: string };
  http_service: { internal_port: number; checks: { path: string }[] };
  metrics: { port: number; path: string };
}
interface Render {
  services: {
    type: string;
    name: string;
    healthCheckPath: string;
    maxShutdownDelaySeconds: number;
    envVars: { key: string; value?: string; generateValue?: boolean; fromService?: { name: string } }[];
  }[];
}
export interface KubernetesObject {
  kind: string;
  metadata: { name: string };
  // Manifests are trees of anything; each test says what it looks for in one.
  [field: string]: unknown;
}

export const compose = () => parse(text("deploy/compose.yaml")) as Compose;
export const fly = () => toml.parse(text("deploy/fly.toml")) as Fly;
export const render = () => parse(text("render.yaml")) as Render;
export const kubernetes = () =>
  parseAllDocuments(text("deploy/kubernetes.yaml")).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });

/** The instructions of the Dockerfile: `[name, arguments]`, with continued lines joined. */
export const dockerfile = (): [string, string][] =>
  text("Dockerfile")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter(Boolean)
    .map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]);
