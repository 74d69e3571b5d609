// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Header } from "./header.tsx";

afterEach(cleanup);

const show = (user: Parameters<typeof Header>[0]["user"]) =>
  render(<Header productName="Acme AI" logoUrl={null} user={user} />);

describe("the header", () => {
  test("names the product and the person", () => {
    show({ name: "Ada Lovelace", email: "ada@example.com" });
    expect(screen.getByText("Acme AI")).toBeTruthy();
    expect(screen.getByText("Ada Lovelace").closest("p")?.textContent).toMatch(/Signed in as Ada Lovelace$/);
  });

  test.each([
    [{ name: "Ada King Lovelace" }, "AL"],
    [{ name: "Plato" }, "P"],
    [{ email: "ada@example.com" }, "A"],
    [{ name: "🦊 fox" }, "🦊F"],
    [{ name: "  " }, ""],
  ])("gives %j the initials %s", (user, initials) => {
    const { container } = show(user);
    expect(container.querySelector("p [aria-hidden]")?.textContent).toBe(initials);
  });

  test("does without a person's name", () => {
    show({});
    expect(screen.queryByText(/signed in as/i)).toBeNull();
  });

  test("signs out by a plain form", () => {
    show({ name: "Ada" });
    const { form } = screen.getByRole("button", { name: "Sign out" }) as HTMLButtonElement;
    expect([form?.method, form?.getAttribute("action")]).toEqual(["post", "/sign-out"]);
  });
});

describe("the theme", () => {
  beforeEach(() => {
    document.documentElement.dataset["theme"] = "dark";
  });

  test("is what the server wrote on the document", () => {
    show({});
    expect(screen.getByRole<HTMLSelectElement>("combobox", { name: "Theme" }).value).toBe("dark");
  });

  test("changes at once, and the next page is told", () => {
    show({});
    fireEvent.change(screen.getByRole("combobox", { name: "Theme" }), { target: { value: "light" } });
    expect(document.documentElement.dataset["theme"]).toBe("light");
    expect(document.cookie).toContain("theme=light");
  });
});
