import { announceSignOut } from "#app/usage/tabs.ts";
import { text } from "./text.ts";
import { ThemeSwitch } from "./theme-switch.tsx";
import { Brand, button } from "./ui.tsx";

export interface User {
  name?: string;
  email?: string;
  avatarUrl?: string;
}

export function Header({
  productName,
  logoUrl,
  user,
  canSignOutEverywhere = false,
}: {
  productName: string;
  logoUrl: string | null;
  user: User;
  canSignOutEverywhere?: boolean;
}) {
  const who = user.name ?? user.email;
  return (
    <header className="border-line border-b bg-surface">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-6">
        <Brand productName={productName} logoUrl={logoUrl} />
        <div className="flex min-w-0 items-center gap-1 sm:gap-2">
          {who && <Person who={who} user={user} />}
          <ThemeSwitch />
          <form
            method="post"
            action="/sign-out"
            onSubmit={announceSignOut}
            className="-mr-3 flex flex-wrap justify-end print:hidden"
          >
            {canSignOutEverywhere && (
              <button type="submit" name="everywhere" value="1" className={button.quiet}>
                {text.header.signOutEverywhere}
              </button>
            )}
            <button type="submit" className={button.quiet}>
              {text.header.signOut}
            </button>
          </form>
        </div>
      </div>
    </header>
  );
}

function Person({ who, user }: { who: string; user: User }) {
  return (
    <p className="mr-1 flex min-w-0 items-center gap-2" title={user.email}>
      <span
        aria-hidden="true"
        className="relative grid size-7 shrink-0 place-items-center overflow-hidden rounded-full bg-accent-soft font-semibold text-accent text-xs"
      >
        {initials(who)}
        {/* Over the initials, so that a picture that does not load leaves them. */}
        {user.avatarUrl && (
          <img
            src={user.avatarUrl}
            alt=""
            width={28}
            height={28}
            referrerPolicy="no-referrer"
            className="absolute inset-0 size-full object-cover text-transparent"
          />
        )}
      </span>
      <span className="sr-only">{text.header.signedInAs} </span>
      <bdi className="max-w-48 truncate max-sm:sr-only">{who}</bdi>
    </p>
  );
}

/** The first letters of the first and the last word. */
function initials(who: string): string {
  const words = who.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}
