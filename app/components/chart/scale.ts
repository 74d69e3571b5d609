/** An axis with few, round marks that holds every value and zero. */
export interface Scale {
  min: number;
  max: number;
  step: number;
  /** From `min` to `max`. */
  ticks: number[];
}

/** How high the axis is when all is zero. */
const EMPTY = 1;

/** @param whole marks at whole numbers only: there is no half request */
export function scaleFor(values: readonly number[], whole: boolean): Scale {
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const step = roundStep((high - low || EMPTY) / 4, whole);
  const first = Math.floor(low / step + 1e-9);
  // At least one step: a fraction of a request is less than a mark apart from none.
  const last = high === low ? first + 4 : Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Counted in steps and multiplied once: adding 0.1 again and again does not arrive at 0.3.
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
  return { min: tidy(first * step), max: tidy(last * step), step, ticks };
}

/** How far up the axis a value is, in percent. */
export const heightOf = (value: number, { min, max }: Scale) => ((value - min) / (max - min)) * 100;

/** The next of 1, 2, 2.5, 5, 10 times a power of ten. */
function roundStep(rough: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  const step = tidy(factor * power);
  return whole ? Math.max(1, Math.ceil(step)) : step;
}

const tidy = (value: number) => Number(value.toPrecision(12));
