import { announceSignOut } from "#app/usage/tabs.ts";
import type { User } from "../header.tsx";
import { text } from "../text.ts";
import { embedText } from "../text-embed.ts";
import { button } from "../ui/button.ts";

/** In the header's place inside other sites' pages: name, logo and theme are theirs. */
export function EmbedBar({ user, canSignOut }: { user: User; canSignOut: boolean }) {
  const who = user.name ?? user.email;
  return (
    <header className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-2 px-4 pt-3 sm:px-6">
      {who && (
        <p className="min-w-0 truncate text-muted max-sm:w-full" title={user.email}>
          {text.header.signedInAs} {who}
        </p>
      )}
      <a
        href="/dashboard"
        target="_blank"
        rel="noreferrer"
        className={`${button.quiet} max-sm:-ml-3 sm:ml-auto`}
      >
        {embedText.ownWindow}
      </a>
      {canSignOut && (
        <form method="post" action="/sign-out" onSubmit={announceSignOut} className="-mr-3 max-sm:ml-auto">
          <input type="hidden" name="embedded" value="1" />
          <button type="submit" className={button.quiet}>
            {text.header.signOut}
          </button>
        </form>
      )}
    </header>
  );
}
