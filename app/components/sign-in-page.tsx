import { ChevronIcon } from "./icons.tsx";
import { text } from "./text.ts";
import { Brand, button, Notice } from "./ui.tsx";

export interface SignInOption {
  adapterId: string;
  label: string;
  /** Several ways into one adapter, each with its own button. */
  choices?: { id: string; label: string; hint?: string | undefined }[] | null | undefined;
}

/** `problem` is a code from the URL, so it is only ever looked up, never shown. */
export function SignInPage({
  options,
  proxies = [],
  returnTo,
  problem,
  productName,
  productLogoUrl = null,
}: {
  options: SignInOption[];
  /** Identity proxies in front of this app; `href` is the proxy's own sign-in page, if it has one. */
  proxies?: { label: string; href: string | null }[];
  returnTo: string;
  problem?: string | null;
  productName: string;
  productLogoUrl?: string | null;
}) {
  return (
    // Labels and choices come from the configuration: break a long word before it widens the page.
    <main className="wrap-anywhere mx-auto grid min-h-dvh max-w-sm content-center px-4 py-12">
      <Brand productName={productName} logoUrl={productLogoUrl} />
      <h1 className="mt-8 font-semibold text-2xl tracking-[-0.02em]">{text.signIn.heading}</h1>
      <p className="mt-1 text-muted">{text.signIn.lead}</p>
      {problem && (
        <div role="alert" className="mt-6">
          <Notice tone={problem === "signed_out" ? "plain" : "warn"}>{sentenceFor(problem)}</Notice>
        </div>
      )}
      <div className="mt-6 grid gap-3">
        {options.map((option) => (
          <form key={option.adapterId} method="post" action={`/auth/${option.adapterId}`}>
            <input type="hidden" name="returnTo" value={returnTo} />
            {option.choices?.length ? (
              <Choices option={option} />
            ) : (
              <Single label={option.label} only={options.length === 1} />
            )}
          </form>
        ))}
        {proxies.map(({ label, href }) => (
          <p key={label}>
            {href ? (
              <a href={href} className={`${button.outline} min-h-11 w-full`}>
                {text.signIn.through(label)}
              </a>
            ) : (
              text.signIn.openFrom(label)
            )}
          </p>
        ))}
        {options.length + proxies.length === 0 && <p>{text.signIn.none}</p>}
      </div>
    </main>
  );
}

function Single({ label, only }: { label: string; only: boolean }) {
  return (
    <button type="submit" className={`${only ? button.primary : button.outline} min-h-11 w-full`}>
      {text.signIn.with(label)}
    </button>
  );
}

function Choices({ option }: { option: SignInOption }) {
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-muted">
        {option.adapterId === "demo" ? text.signIn.demo : text.signIn.choose(option.label)}
      </legend>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-card">
        {option.choices?.map((choice) => (
          <button
            key={choice.id}
            type="submit"
            name="choice"
            value={choice.id}
            className="group flex min-h-12 w-full cursor-pointer items-center gap-3 px-4 py-2.5 text-left hover:bg-sunken focus-visible:-outline-offset-2"
          >
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{choice.label}</span>
              {choice.hint && <span className="block text-[0.8125rem] text-muted">{choice.hint}</span>}
            </span>
            <ChevronIcon className="text-muted" />
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function sentenceFor(problem: string): string {
  const sentences: Record<string, string> = text.signInProblem;
  return Object.hasOwn(sentences, problem) ? (sentences[problem] ?? "") : text.signInProblem.unknown;
}
