/** Who imports what in this tree, read by the same tool and settings that enforce its import rules. */
import { cruise, type IModule } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";

/** Paths are relative to the tree, with slashes. */
export interface Source {
  path: string;
  imports: readonly string[];
  packages: readonly string[];
}

/** @param files code to read; what it imports is read as well */
export async function readImports(files: readonly string[]): Promise<Map<string, Source>> {
  const options = await extractOptions("./.dependency-cruiser.mjs");
  const { output } = await cruise([...files], options, {}, { tsConfig: extractTsConfig("./tsconfig.json") });
  if (typeof output === "string") throw new Error(output);
  const own = output.modules.filter(({ source }) => !isForeign(source));
  return new Map(own.map((module) => [module.source, sourceOf(module)]));
}

function sourceOf({ source, dependencies }: IModule): Source {
  return {
    path: source,
    imports: dependencies.map(({ resolved }) => resolved).filter((path) => !isForeign(path)),
    packages: dependencies
      .map(({ module }) => module)
      .filter((name) => !/^([.#]|node:)/.test(name))
      .map(packageOf),
  };
}

/** Of Node or of a package. */
const isForeign = (path: string) => !path.includes(".") || path.startsWith("node_modules/");

/** `remix-auth/strategy` → `remix-auth`. */
const packageOf = (specifier: string) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** These files and all that they import, and so on. */
export function reach(graph: ReadonlyMap<string, Source>, from: Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const open = [...from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    open.push(...(graph.get(path)?.imports ?? []));
  }
  return reached;
}
