/**
 * A sign-in without anybody: out to the provider, and back with a code that nobody issued. Its refusal says whether
 * it knows our client and secret. It works for every adapter, since it uses nothing but the contract.
 */
import { randomBytes } from "node:crypto";
import { isAdapterError, type RedirectConnection } from "#adapters/adapter.ts";

/** Where the provider was to be asked. @throws AdapterError */
export async function leave(connection: RedirectConnection, start: URL): Promise<Departure> {
  const response = await connection.start(new Request(start, { method: "POST" }));
  const location = new URL(response.headers.get("location") ?? "", start);
  const cookie = response.headers
    .getSetCookie()
    .map((header) => header.split(";", 1)[0])
    .join("; ");
  return { location, cookie };
}

export interface Departure {
  location: URL;
  /** What `start` wants to see again in `finish`. */
  cookie: string;
}

export type Verdict = "accepted" | "refused" | "wrong_redirect_uri" | "unclear";

const VERDICTS: [RegExp, Verdict][] = [
  // First the code: a provider that speaks of it has looked at the client and let it pass.
  [/\b(invalid_grant|bad_verification_code)\b/, "accepted"],
  [/\bredirect_uri_mismatch\b/, "wrong_redirect_uri"],
  [/\b(invalid_client|incorrect_client_credentials|unauthorized_client|access_denied|401)\b/, "refused"],
];

export interface Answer {
  verdict: Verdict;
  /** What the provider said, in the adapter's own words. */
  detail: string;
}

/**
 * What the provider thinks of our credentials.
 * @param issuer for providers that name themselves in their answer (RFC 9207), with or without a slash at the end
 */
export async function comeBack(
  connection: RedirectConnection,
  callbackUrl: URL,
  departure: Departure,
  issuer: string | null,
): Promise<Answer> {
  const bare = issuer?.replace(/\/$/, "");
  const names = bare ? [null, bare, `${bare}/`] : [null];
  let answer: Answer = { verdict: "unclear", detail: "" };
  for (const name of names) {
    answer = await tryCode(connection, callbackUrl, departure, name);
    // An answer under the wrong name is refused before the provider hears of it.
    if (answer.verdict !== "unclear") break;
  }
  return answer;
}

async function tryCode(
  connection: RedirectConnection,
  callbackUrl: URL,
  { location, cookie }: Departure,
  issuer: string | null,
): Promise<Answer> {
  const url = new URL(callbackUrl);
  url.searchParams.set("code", randomBytes(16).toString("hex"));
  url.searchParams.set("state", location.searchParams.get("state") ?? "");
  if (issuer !== null) url.searchParams.set("iss", issuer);
  try {
    await connection.finish(new Request(url, { headers: { cookie } }));
    return { verdict: "unclear", detail: "it took a code that nobody issued" };
  } catch (error) {
    // An AdapterError's text is meant for logs; any other's is not.
    const detail = isAdapterError(error) ? error.message : "it failed";
    return { verdict: VERDICTS.find(([words]) => words.test(detail))?.[1] ?? "unclear", detail };
  }
}
