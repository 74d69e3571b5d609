/** Amounts in USD as a person reads them: a hundredth of a cent and a million alike. */
import { formatter } from "./intl.ts";

/** Below this an amount is only said to be smaller: more zeros cannot be read. */
const SMALLEST = 1e-8;

/** An amount split where sub-cents begin, so that a figure can show them smaller: `$12.34` + `56`. */
export interface SplitAmount {
  before: string;
  fine: string;
  after: string;
}

export interface MoneyFormat {
  /** `$1,234.50`, `$0.50`, `$0.000042`, `-$3.10`: cents, or two digits that matter when there are no cents. */
  amount(usd: number): string;
  /** To three digits that matter, `$157` or `$0.019`: more of an average or a projection is noise. */
  rough(usd: number): string;
  /** With sub-cents from ten cents to ten thousand dollars: there a live figure is seen to move. */
  split(usd: number): SplitAmount;
  /** For an axis whose marks are `step` apart: `$0.50`, `$20`, `$1.5K`. */
  tick(usd: number, step: number): string;
}

export function moneyFormat(locale: string): MoneyFormat {
  const format = (usd: number, options: Intl.NumberFormatOptions) =>
    formatter(locale, { style: "currency", currency: "USD", ...options }).format(usd);
  const digits = (usd: number, fraction: number) =>
    format(usd, { minimumFractionDigits: fraction, maximumFractionDigits: fraction });

  function amount(usd: number): string {
    const size = Math.abs(usd);
    if (size === 0) return digits(0, 2);
    if (size < SMALLEST) return `${usd < 0 ? ">" : "<"}\u00a0${digits(Math.sign(usd) * SMALLEST, 8)}`;
    if (size >= 1e9) return format(usd, { notation: "compact", maximumSignificantDigits: 4 });
    return format(usd, { minimumFractionDigits: 2, maximumFractionDigits: decimalsFor(size) });
  }

  return {
    amount,
    rough(usd) {
      const rounded = Number(usd.toPrecision(3));
      const whole = Math.abs(rounded) >= 100 && Math.abs(rounded) < 1e9;
      return whole ? digits(rounded, 0) : amount(rounded);
    },
    split(usd) {
      const size = Math.abs(usd);
      if (size < 0.1 || size >= 10_000) return { before: amount(usd), fine: "", after: "" };
      const whole = digits(usd, 4);
      // The last run of four digits is the fraction, whatever the locale puts before and after it.
      const [, before = whole, fine = "", after = ""] =
        /^(.*\p{Nd}{2})(\p{Nd}{2})(\P{Nd}*)$/u.exec(whole) ?? [];
      return { before, fine, after };
    },
    tick(usd, step) {
      if (Math.abs(usd) >= 10_000 || step >= 1_000)
        return format(usd, { notation: "compact", maximumSignificantDigits: 3 });
      if (usd === 0) return digits(0, step < 1 ? 2 : 0);
      const fraction = fractionOf(step);
      return digits(usd, fraction === 1 ? 2 : fraction);
    },
  };
}

/** Two digits that matter, but never fewer than cents. */
const decimalsFor = (size: number) => Math.max(2, 1 - Math.floor(Math.log10(size)));

/** How many decimals a round step has: 20 none, 2.5 one, 0.00025 five. */
function fractionOf(step: number): number {
  const [, decimals = "", exponent = "0"] = /^\d(?:\.(\d+))?e([+-]\d+)$/.exec(step.toExponential()) ?? [];
  return Math.max(0, decimals.length - Number(exponent));
}
