/** What the app tells Prometheus about its own process. */
import { setTimeout as pause } from "node:timers/promises";
import type { Program } from "../cluster/program.ts";

export interface Memory {
  /** What the process has of the machine's memory, in bytes. */
  resident: number;
  /** What its objects take, in bytes; garbage included unless it has just been collected. */
  heap: number;
}

export async function memory(metricsPort: number): Promise<Memory> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
  return {
    resident: value("process_resident_memory_bytes"),
    heap: value("nodejs_heap_size_used_bytes") + value("nodejs_external_memory_bytes"),
  };
}

/** @param app with collect-garbage.cli.ts preloaded */
export async function memoryInUse(app: Program, metricsPort: number): Promise<Memory> {
  for (let nth = 0; nth < 3; nth++) {
    app.signal("SIGUSR2");
    await pause(300);
  }
  return memory(metricsPort);
}

export const megabytes = (bytes: number) => bytes / 1_048_576;
