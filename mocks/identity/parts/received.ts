/** The entries of a mock provider's log. */

export type Pkce = "matched" | "mismatched" | "missing";

/** What the provider received, without secrets, codes and tokens. `persona` is null while nobody has been chosen. */
export type Entry =
  | {
      endpoint: "authorize";
      method: string;
      query: Record<string, string>;
      persona: string | null;
      status: number;
    }
  | {
      endpoint: "token";
      grant_type: string | null;
      client_id: string | null;
      client_auth: "basic" | "post" | "none";
      redirect_uri: string | null;
      pkce: Pkce;
      persona: string | null;
      error: string | null;
      status: number;
    }
  | { endpoint: "userinfo"; path: string; persona: string | null; status: number }
  | { endpoint: "logout"; query: Record<string, string>; status: number };
