/** People who are signed in, by the app's own pages. */
import { Visitor } from "../cluster/visitor.ts";

const PERSONAS = ["ada", "grace", "alan", "mary", "new"];
const AT_ONCE = 8;

/** Signs that many in, each with a session of their own. @throws Error when somebody is not let in */
export async function signIn(origin: string, count: number): Promise<Visitor[]> {
  const people = Array.from({ length: count }, () => new Visitor({ origin }));
  let next = 0;
  const work = async () => {
    for (let nth = next++; nth < people.length; nth = next++) {
      const person = people[nth];
      const choice = PERSONAS[nth % PERSONAS.length] ?? "";
      const away = await person?.ask("/auth/demo", { method: "POST", form: { choice } });
      const back = await person?.ask(away?.headers.location ?? "");
      if (back?.headers.location !== "/dashboard")
        throw new Error(`not let in: ${back?.status} ${back?.text}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return people;
}
