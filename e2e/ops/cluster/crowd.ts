/** People who use the dashboard while something happens to it, and every one of them who noticed. */
import { setTimeout as pause } from "node:timers/promises";
import { until } from "./program.ts";
import { ringsideUrl } from "./stack.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** What a page holds: see app/usage for how the real one uses it. */
export interface Token {
  value: string;
  customer: string;
  origin: string;
}

/** Reads the figures as the page does: from Ringside, with the token. */
export const poll = ({ value, customer, origin }: Token, at = ringsideUrl) =>
  fetch(`${at}/v1/customers/${customer}`, { headers: { authorization: `Client ${value}`, origin } });

/** The token in a mint's answer. */
export function tokenIn(answer: Answer, origin: string): Token {
  const { token } = JSON.parse(answer.text);
  const [, payload = ""] = token.split(".");
  const { endpoints } = JSON.parse(Buffer.from(payload, "base64url").toString());
  return { value: token, customer: endpoints[0].split("/").at(-1), origin };
}

export class Crowd {
  /** What somebody saw that should not have been. */
  readonly noticed: string[] = [];
  /** How many answers each process gave, by its port. */
  readonly #served = new Map<number, number>();
  #going = true;
  readonly #loops: Promise<void>[];

  constructor(visitors: Visitor[], origin: string) {
    this.#loops = visitors.map((visitor) => this.#use(visitor, origin));
  }

  /** Waits until the process on that port has given so many more answers. */
  async servedBy(port: number, answers = 1): Promise<void> {
    const wanted = this.#answersOf(port) + answers;
    await until(`${answers} answers of ${port}`, async () => this.#answersOf(port) >= wanted, 20_000);
  }

  async goHome(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#loops);
  }

  readonly #answersOf = (port: number) => this.#served.get(port) ?? 0;

  async #use(visitor: Visitor, origin: string): Promise<void> {
    while (this.#going) {
      await this.#look("the page", () => visitor.ask("/dashboard", { headers: { accept: "text/html" } }));
      const minted = await this.#look("a mint", () => visitor.mint());
      if (minted?.status === 200) {
        const { status } = await poll(tokenIn(minted, origin));
        if (status !== 200) this.noticed.push(`a poll: ${status}`);
      }
      await pause(100);
    }
  }

  async #look(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await ask();
      // Of several, nginx names the one that answered last.
      const port = Number(String(answer.headers["x-served-by"]).split(":").at(-1));
      this.#served.set(port, this.#answersOf(port) + 1);
      if (answer.status !== 200) this.noticed.push(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
      return answer;
    } catch (error) {
      this.noticed.push(`${what}: ${error}`);
      return undefined;
    }
  }
}
