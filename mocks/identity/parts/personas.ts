/** The people a mock provider knows. */
import type { Persona } from "./persona.ts";

export class Personas {
  readonly #defaults: readonly Persona[];
  #all = new Map<string, Persona>();

  constructor(defaults: readonly Persona[]) {
    this.#defaults = defaults;
    this.reset();
  }

  put(persona: Persona): void {
    this.#all.set(persona.id, persona);
  }

  get(id: string): Persona | undefined {
    return this.#all.get(id);
  }

  list(): Persona[] {
    return [...this.#all.values()];
  }

  /** Back to the personas it started with. */
  reset(): void {
    this.#all = new Map(this.#defaults.map((persona) => [persona.id, persona]));
  }
}
