/** The files of a deployment against the app that they deploy: a drift is seen without Docker or a cluster. */
import { existsSync, readFileSync } from "node:fs";
import { normalize } from "node:path";
import toml from "toml";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { registry, shapeOf } from "#adapters/registry.ts";
import { parseConfig } from "#app/config/config.server.ts";
import { variableNames } from "#app/config/variables.server.ts";

const text = (path: string) => readFileSync(path, "utf8");

type Environment = Record<string, string>;

interface Hardened {
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  user?: string;
  deploy?: { resources?: { limits?: object } };
}
interface Compose {
  services: {
    app: Hardened & { environment: Environment; stop_grace_period: string };
    [service: string]: Hardened;
  };
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
interface KubernetesObject {
  kind: string;
  metadata: { name: string };
  // Manifests are trees of anything; each test says what it looks for in one.
  [field: string]: unknown;
}

const compose = () => parse(text("deploy/compose.yaml"), { merge: true }) as Compose;
const fly = () => toml.parse(text("deploy/fly.toml")) as Fly;
const render = () => parse(text("render.yaml")) as Render;
const kubernetes = () =>
  parseAllDocuments(text("deploy/kubernetes/base/usage-dashboard.yaml")).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });

/** The instructions of the Dockerfile: `[name, arguments]`, with continued lines joined. */
const dockerfile = (): [string, string][] =>
  text("Dockerfile")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter(Boolean)
    .map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]);

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
  it("has no variable that the app does not read", () => {
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

  it("ask /readyz for readiness and /healthz for liveness", () => {
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
    const labels = [...text("deploy/kubernetes/base/usage-dashboard.yaml").matchAll(/app: ([\w-]+)/g)].map(
      ([, name]) => name,
    );
    expect(new Set(labels)).toEqual(new Set(["usage-dashboard", "redis"]));
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

  it("runs as a user other than root, on a named version, with production packages only", () => {
    const from = dockerfile().filter(([name]) => name === "FROM");
    expect(from.map(([, args]) => args.split(" ")[0])).toEqual(
      Array(2).fill(expect.stringMatching(/^node:24\.\d+\.\d+-\w+-slim$/)),
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

describe("every container", () => {
  it("of compose has a read-only file system, no capabilities, no new privileges, and limits", () => {
    const { services } = compose();
    expect(Object.keys(services).sort()).toEqual(["app", "nginx", "redis"]);
    for (const [name, service] of Object.entries(services)) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        deploy: { resources: { limits: { memory: expect.any(String), pids: expect.any(Number) } } },
      });
      // The app's user is the image's own.
      if (name !== "app") expect(service.user, name).toMatch(/^(redis|[1-9]\d*:[1-9]\d*)$/);
    }
  });

  it("of Kubernetes does as well, under the default seccomp profile and without a service account's token", () => {
    const deployment = JSON.stringify(kubernetesNamed("Deployment"));
    for (const setting of [
      '"automountServiceAccountToken":false',
      '"runAsNonRoot":true',
      '"seccompProfile":{"type":"RuntimeDefault"}',
      '"allowPrivilegeEscalation":false',
      '"readOnlyRootFilesystem":true',
      '"capabilities":{"drop":["ALL"]}',
      '"limits":{"memory":"512Mi"',
    ])
      expect(deployment).toContain(setting);
  });

  it("of Kubernetes reaches DNS, Redis and https on the internet, and no metadata service", () => {
    const policy = kubernetes().filter(({ kind }) => kind === "NetworkPolicy");
    expect(policy).toHaveLength(1);
    const { policyTypes, egress } = policy.map(({ spec }) => spec)[0] as {
      policyTypes: string[];
      egress: { to: { ipBlock?: { cidr: string; except: string[] } }[]; ports: { port: number }[] }[];
    };
    expect(policyTypes).toContain("Egress");
    expect(egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([
      [53, 53],
      [6379, 26379],
      [443],
    ]);
    const blocks = egress.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
    expect(blocks.find(({ cidr }) => cidr === "0.0.0.0/0")?.except).toContain("169.254.0.0/16");
  });
});

interface Overlay {
  resources: string[];
  images: { name: string }[];
  replicas: { name: string; count: number }[];
  patches: { patch: string; target?: { kind: string; name: string } }[];
}

describe.each(["one-process", "production"])("the Kustomize overlay %s", (name) => {
  const overlay = parse(text(`deploy/kubernetes/${name}/kustomization.yaml`)) as Overlay;
  const patches = overlay.patches.map(({ patch, target }) => ({ patch: parse(patch), target }));
  const deployment = kubernetesNamed("Deployment");

  it("changes objects of the base, and places in them that exist", () => {
    expect(overlay.resources).toEqual(["../base"]);
    for (const { patch, target } of patches) {
      const { kind, metadata } = target ? { kind: target.kind, metadata: target } : patch;
      const object = kubernetesNamed(kind);
      expect(object?.metadata.name, kind).toBe(metadata.name);
      for (const { op, path } of target ? patch : []) {
        const steps: string[] = path.split("/").slice(1, op === "add" ? -1 : undefined);
        const place = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], object);
        expect(place, `${kind} ${path}`).toBeDefined();
      }
    }
  });

  it("names the image and the Deployment of the base", () => {
    const image = JSON.stringify(deployment).match(/"image":"([^":]+)/)?.[1];
    expect(overlay.images.map((each) => each.name)).toEqual([image]);
    expect(overlay.replicas.map((each) => each.name)).toEqual([deployment?.metadata.name]);
  });

  it("has more than one process only with a disruption budget and the way to Redis", () => {
    const removed = JSON.stringify(patches);
    const alone = overlay.replicas[0]?.count === 1;
    expect(/"\$patch":"delete"/.test(removed)).toBe(alone);
    const policy = kubernetesNamed("NetworkPolicy")?.["spec"] as { egress: unknown[] } | undefined;
    expect(JSON.stringify(policy?.egress[1])).toContain("6379");
    expect(removed.includes('{"op":"remove","path":"/spec/egress/1"}')).toBe(alone);
  });
});
