/** The faults of a userinfo endpoint. */
import type { Persona } from "./persona.ts";
import type { Provider } from "./provider.ts";

/** What the armed faults answer in place of the profile; null when it is left to the provider. */
export function brokenUserinfo(provider: Provider, { id }: Persona): Response | null {
  switch (provider.fire(id, "profile_500", "profile_wrong_subject")?.fault) {
    case "profile_500":
      return new Response(null, { status: 500 });
    case "profile_wrong_subject":
      return Response.json({ sub: "somebody-else", name: "Somebody Else" });
    default:
      return null;
  }
}
