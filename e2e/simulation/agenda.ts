/** What happens when: a queue of moments, served in order. */
type Entry = readonly [at: number, order: number, run: (now: number) => unknown];

export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  at(at: number, run: (now: number) => unknown): void {
    const entry: Entry = [at, this.#order++, run];
    let hole = this.#heap.push(entry) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = this.#heap[parent] as Entry;
      if (!before(entry, above)) break;
      this.#heap[hole] = above;
      hole = parent;
    }
    this.#heap[hole] = entry;
  }

  /** Serves everything up to `end`. */
  run(end: number): void {
    for (let next = this.#heap[0]; next && next[0] <= end; next = this.#heap[0]) {
      this.#take();
      next[2](next[0]);
    }
  }

  #take(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (!left) break;
      if (right && before(right, left)) child += 1;
      const smaller = heap[child] as Entry;
      if (!before(smaller, last)) break;
      heap[hole] = smaller;
      hole = child;
    }
    heap[hole] = last;
  }
}

const before = (a: Entry, b: Entry) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
