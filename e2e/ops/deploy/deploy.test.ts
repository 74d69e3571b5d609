/** The files of a deployment against the app that they deploy: Docker and clusters are not needed to see them drift. */
import { existsSync } from "node:fs";
import { normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { registry, shapeOf } from "#adapters/registry.ts";
import { parseConfig } from "#app/config/config.server.ts";
import { variableNames } from "#app/config/variables.server.ts";
import { compose, dockerfile, fly, kubernetes, render, text } from "./files.ts";

const known = new Set([
  "NODE_ENV",
  ...variableNames,
  ...registry.all.flatMap((adapter) => Object.keys(shapeOf(adapter))),
]);

/** What an operator adds; values that could be real. */
const THEIRS = {
  NODE_ENV: "production",
  APP_ORIGIN: "https://usage.acme.test",
  SESSION_SECRET: "KmVYJhv6GqBV7jv0yJ5FqOQqOBk5F9nY0m1v8oQzC2o=",
  RINGSIDE_API_KEY: "sk_live_1",
  AUTH_ADAPTERS: "github",
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
};

const kubernetesNamed = (kind: string) => kubernetes().find((object) => object.kind === kind);
const web = () => render().services.find(({ type }) => type === "web");

/** The variables that each way of deploying sets itself. */
const ways = {
  compose: () => ({
    ...compose().services.app.environment,
    REDIS_URL: "redis://:0f3c@redis:6379/0",
  }),
  fly: () => fly().env,
  render: () =>
    Object.fromEntries((web()?.envVars ?? []).flatMap(({ key, value }) => (value ? [[key, value]] : []))),
  kubernetes: () => kubernetesNamed("ConfigMap")?.["data"] as Record<string, string>,
};

describe.each(Object.entries(ways))("the environment of %s", (_way, environment) => {
  it("has no variable that nobody reads", () => {
    expect(Object.keys(environment()).filter((name) => !known.has(name))).toEqual([]);
  });

  it("starts the app, with what the operator adds", () => {
    const config = parseConfig({ ...THEIRS, ...environment() });
    expect([config.port, config.exposed, config.warnings]).toEqual([3000, true, []]);
    expect(config.trustProxy).toBeGreaterThan(0);
  });
});

describe("ports, paths and times", () => {
  it("are the ones where the app listens", () => {
    expect(fly().http_service.internal_port).toBe(3000);
    expect(fly().metrics).toEqual({ port: Number(fly().env["METRICS_PORT"]), path: "/metrics" });
    expect(text("deploy/nginx/upstream.conf")).toContain("server app:3000 ");
    expect(dockerfile()).toContainEqual(["EXPOSE", "3000"]);
    const deployment = JSON.stringify(kubernetesNamed("Deployment"));
    expect(deployment).toContain('{"name":"http","containerPort":3000}');
    const { METRICS_PORT } = ways.kubernetes();
    expect(deployment).toContain(`{"name":"metrics","containerPort":${METRICS_PORT}}`);
    expect(deployment).toContain(`"prometheus.io/port":"${METRICS_PORT}"`);
  });

  it("ask /readyz who may serve, and /healthz who is to be started again", () => {
    expect(fly().http_service.checks.map(({ path }) => path)).toEqual(["/readyz"]);
    expect(web()?.healthCheckPath).toBe("/readyz");
    const deployment = JSON.stringify(kubernetesNamed("Deployment"));
    expect(deployment).toContain('"readinessProbe":{"httpGet":{"path":"/readyz","port":"http"}');
    expect(deployment).toContain('"livenessProbe":{"httpGet":{"path":"/healthz","port":"http"}');
    for (const route of ["readyz", "healthz"]) expect(existsSync(`app/routes/${route}.ts`)).toBe(true);
  });

  it("leave a process the 10 s that it takes to stop, after a SIGTERM", () => {
    expect(fly().kill_signal).toBe("SIGTERM");
    const times = [
      fly().kill_timeout,
      Number.parseInt(compose().services.app.stop_grace_period, 10),
      web()?.maxShutdownDelaySeconds,
      Number(
        /"terminationGracePeriodSeconds":(\d+)/.exec(JSON.stringify(kubernetesNamed("Deployment")))?.[1],
      ),
    ];
    for (const seconds of times) expect(seconds).toBeGreaterThan(10);
  });

  it("are those of objects that exist", () => {
    expect(normalize(`deploy/${fly().build.dockerfile}`)).toBe("Dockerfile");
    const linked = web()?.envVars.find(({ key }) => key === "REDIS_URL")?.fromService?.name;
    expect(render().services.map(({ name }) => name)).toContain(linked);
    for (const [, path = ""] of text("deploy/compose.yaml").matchAll(/- \.\/(nginx\/[\w.]+):/g))
      expect(existsSync(`deploy/${path}`), path).toBe(true);
    expect(JSON.stringify(kubernetesNamed("Ingress"))).toContain(
      `"service":{"name":"${kubernetesNamed("Service")?.metadata.name}","port":{"name":"http"}}`,
    );
    const labels = [...text("deploy/kubernetes.yaml").matchAll(/app: ([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(labels)).toEqual(new Set(["usage-dashboard"]));
  });
});

describe("the image", () => {
  const ignored = text(".dockerignore").split("\n");
  const admits = (path: string) => ignored.includes(`!${path}`);

  it("is built from files that exist and that the context admits", () => {
    const sources = dockerfile()
      .filter(([name, args]) => name === "COPY" && !args.startsWith("--from"))
      .flatMap(([, args]) => args.split(" ").slice(0, -1));
    expect(sources).toContain(".");
    for (const source of sources.filter((path) => path !== ".")) expect(admits(source), source).toBe(true);
    for (const line of ignored.filter((rule) => rule.startsWith("!")))
      expect(existsSync(line.slice(1)), line).toBe(true);
  });

  it("cannot hold a secret, the history or the mocks", () => {
    expect(ignored.find((line) => line && !line.startsWith("#"))).toBe("*");
    for (const path of [".env", ".git", "node_modules", "deploy", "mocks", "e2e"])
      expect(admits(path)).toBe(false);
  });

  it("runs as somebody who is not root, on a named version, with what production needs and no more", () => {
    const from = dockerfile().filter(([name]) => name === "FROM");
    expect(from.map(([, args]) => args.split(" ")[0])).toEqual(
      Array(2).fill(expect.stringMatching(/^node:20\.\d+\.\d+-\w+-slim$/)),
    );
    const final = dockerfile().slice(dockerfile().findLastIndex(([name]) => name === "FROM"));
    expect(final).toContainEqual(["USER", "node"]);
    expect(final).toContainEqual(["CMD", '["node", "build/server.js"]']);
    expect(
      final.filter(([name]) => name === "COPY").every(([, args]) => args.startsWith("--from=build ")),
    ).toBe(true);
    expect(dockerfile().some(([name, args]) => name === "RUN" && args.includes("npm prune --omit=dev"))).toBe(
      true,
    );
  });
});
