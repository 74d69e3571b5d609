import { type ChangeEvent, useEffect, useState } from "react";
import { MoonIcon, ScreenIcon, SunIcon } from "./icons.tsx";
import { text } from "./text.ts";

const ONE_YEAR_S = 31_536_000;
const themes = Object.entries(text.header.themes);

/**
 * Light, dark or as the system. The choice is a cookie that the server reads, so that no page flashes.
 * A native select under an icon: keyboard, touch and screen readers need nothing from us. Which icon shows is
 * up to the attribute on <html>, so the server's HTML is right before any script runs.
 */
export function ThemeSwitch() {
  const [theme, setTheme] = useState("system");
  useEffect(() => setTheme(document.documentElement.dataset["theme"] ?? "system"), []);

  function choose({ target }: ChangeEvent<HTMLSelectElement>) {
    setTheme(target.value);
    document.documentElement.dataset["theme"] = target.value;
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not in every browser
    document.cookie = `theme=${target.value}; Path=/; Max-Age=${ONE_YEAR_S}; SameSite=Lax${secure}`;
  }

  return (
    <label className="needs-scripts relative grid size-8 cursor-pointer place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink has-focus-visible:outline-2 print:hidden has-focus-visible:outline-accent">
      <span className="sr-only">{text.header.theme}</span>
      <ScreenIcon className="in-data-[theme=dark]:hidden in-data-[theme=light]:hidden" />
      <SunIcon className="not-in-data-[theme=light]:hidden" />
      <MoonIcon className="not-in-data-[theme=dark]:hidden" />
      <select
        value={theme}
        onChange={choose}
        className="absolute inset-0 cursor-pointer appearance-none opacity-0"
      >
        {themes.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
