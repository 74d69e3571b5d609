/** How long a program takes from its start to its first answer. */
import { type Program, type Start, start } from "../cluster/program.ts";
import { median } from "./statistics.ts";

/** @returns milliseconds, the median of several starts */
export async function startUpTime(command: Start, times: number): Promise<number> {
  const taken: number[] = [];
  for (let nth = 0; nth < times; nth++) {
    const began = performance.now();
    const program: Program = await start({ ...command, everyMs: 5 });
    taken.push(performance.now() - began);
    await program.kill();
  }
  return median(taken);
}
