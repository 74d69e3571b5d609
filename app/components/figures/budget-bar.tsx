import { useFormat } from "../format.tsx";

export type Level = "within" | "near" | "over";

/** The track reaches this far at most; the words beside it tell the rest. */
const LONGEST = 1.5;

const fills = { within: "bg-accent", near: "bg-warn-mark", over: "bg-bad-mark" } as const;

/**
 * `used` is the ratio of the cap. Beyond 1 the 100 % mark moves left and the excess is hatched.
 * Hidden from screen readers: the sentences around it say all that it shows.
 */
export function BudgetBar({ used, level }: { used: number; level: Level }) {
  const end = Math.min(LONGEST, Math.max(1, used));
  const share = (ratio: number) => `${(Math.max(0, Math.min(ratio, end)) / end) * 100}%`;
  return (
    <div aria-hidden="true" className="pt-2.5 pb-1">
      <div className="relative flex h-2.5 overflow-hidden rounded-full bg-track forced-color-adjust-none">
        <div className={fills[level]} style={{ width: share(Math.min(used, 1)) }} />
        <div className="hatched flex-1 text-bad-mark" hidden={used <= 1} />
        <Mark at={share(0.8)} />
        {used > 1 && <Mark at={share(1)} />}
      </div>
      <div className="relative h-5 text-[0.6875rem] text-muted leading-5">
        <MarkLabel at={share(0.8)} ratio={0.8} />
        <MarkLabel at={share(1)} ratio={1} />
      </div>
    </div>
  );
}

const Mark = ({ at }: { at: string }) => (
  <span className="absolute inset-y-0 -ml-px w-0.5 bg-surface" style={{ left: at }} />
);

function MarkLabel({ at, ratio }: { at: string; ratio: number }) {
  const { percent } = useFormat();
  return (
    <span
      className={`absolute ${at === "100%" ? "-translate-x-full" : "-translate-x-1/2"}`}
      style={{ left: at }}
    >
      {percent(ratio)}
    </span>
  );
}
