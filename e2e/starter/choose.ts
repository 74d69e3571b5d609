/**
 * Which files go along. Code goes along because something imports it: from the entry points, with the registry's
 * list cut down to one adapter, and from the tests of what these reach. Nothing is listed by name but what stays.
 */
import { reach, readImports, type Source } from "./imports.ts";
import { filesIn, stays } from "./tree.ts";

export const REGISTRY = "adapters/index.ts";
const CODE = /^(app|adapters|mocks|e2e)\/.*\.tsx?$|^[^/]+\.ts$/;
const TEST = /\.(test|spec)\.tsx?$/;

export interface Choice {
  /** As they are here; some are rewritten on the way. */
  code: readonly string[];
  /** Packages that only code which does not go along imports. */
  unusedPackages: ReadonlySet<string>;
}

export async function chooseCode(adapter: string, others: readonly string[]): Promise<Choice> {
  const code = filesIn().filter((path) => CODE.test(path));
  const graph = await readImports(code);
  const list = graph.get(REGISTRY);
  if (!list) throw new Error(`${REGISTRY} is not there`);
  graph.set(REGISTRY, { ...list, imports: list.imports.filter((path) => path === `adapters/${adapter}.ts`) });

  const staying = code.filter(stays);
  const imported = new Set([...graph.values()].flatMap(({ imports }) => imports));
  const isOthers = (path: string) => others.some((other) => isAbout(path, other));
  const own = code.filter((path) => !stays(path) && !isOthers(path));
  const entries = own.filter(
    // Routes and mocks are found by being there, and one configuration may be the base of another.
    (path) =>
      !TEST.test(path) &&
      (!imported.has(path) || /^app\/routes\/|^mocks\/identity\/[^/]+$|^[^/]+$/.test(path)),
  );
  const product = reach(
    graph,
    entries.filter((path) => !path.endsWith(".d.ts")),
  );

  // What their tests or mocks share with ours is not theirs.
  const theirs = reach(
    graph,
    code.filter((path) => isOthers(path) && !TEST.test(path) && !/\/testing\//.test(path)),
  );
  const notShared = [...theirs].filter((path) => !path.startsWith("mocks/identity/parts/"));
  const foreign = without(new Set([...notShared, ...code.filter(isOthers)]), product);
  const foreignPackages = without(packagesOf(graph, foreign), packagesOf(graph, product));
  const goesAlong = (test: string) => {
    const reached = reach(graph, [test]);
    const packages = packagesOf(graph, reached);
    return (
      ![...reached].some((path) => foreign.has(path) || stays(path)) &&
      ![...packages].some((name) => foreignPackages.has(name))
    );
  };
  const tests = own.filter((path) => TEST.test(path) && goesAlong(path));

  const along = new Set([...product, ...reach(graph, tests)]);
  const unusedPackages = without(
    packagesOf(graph, [...code.filter(isOthers), ...staying]),
    packagesOf(graph, along),
  );
  // A declaration of types for a package bears its name, and no file imports it.
  const declarations = own.filter((path) => path.endsWith(".d.ts") && !unusedPackages.has(nameOf(path)));
  return { code: [...new Set([...along, ...declarations])].sort(), unusedPackages };
}

/** `oidc.ts`, `oidc-discovery.test.ts` and `oidc.spec.ts` are about `oidc`; `demo.cli.ts` is about no adapter. */
const isAbout = (path: string, adapter: string) =>
  new RegExp(`/${adapter}(-[^/.]+)*(\\.test|\\.spec)?\\.tsx?$`).test(path);
const nameOf = (path: string) =>
  path
    .split("/")
    .at(-1)
    ?.replace(/\.d\.ts$/, "") ?? "";

function packagesOf(graph: ReadonlyMap<string, Source>, paths: Iterable<string>): Set<string> {
  return new Set([...paths].flatMap((path) => graph.get(path)?.packages ?? []));
}

const without = (all: ReadonlySet<string>, some: ReadonlySet<string>) =>
  new Set([...all].filter((one) => !some.has(one)));
