/** Where on a request the JWT is: in a header that a proxy sets, in a cookie of an auth service, or in either. */
import { AdapterError } from "./adapter.ts";

/** Node refuses more than 16 kB of headers by default; nobody's JWT needs to be near that. */
const MAX_LENGTH = 12_288;

interface Places {
  HEADER?: string | undefined;
  COOKIE?: string | undefined;
}

/**
 * Reads the JWT; null when there is none. The header goes first, and a bad one is not made up for by the cookie.
 * Without a name for either it is `Authorization`.
 * @throws AdapterError `invalid_response` when what is there cannot be a JWT
 */
export function proofReader({ HEADER, COOKIE }: Places): (request: Request) => string | null {
  const header = HEADER ?? (COOKIE === undefined ? "authorization" : null);
  return ({ headers }) => {
    const jwt = (header && inHeader(headers, header)) || (COOKIE && inCookie(headers, COOKIE)) || null;
    if (jwt !== null && jwt.length > MAX_LENGTH)
      throw new AdapterError("invalid_response", `JWT: more than ${MAX_LENGTH} characters`);
    return jwt;
  };
}

function inHeader(headers: Headers, name: string): string | null {
  const value = headers.get(name);
  if (value === null) return null;
  const bearer = /^Bearer +(.*)$/i.exec(value)?.[1] ?? null;
  // Any other scheme of Authorization is somebody else's proof, not a bad one of ours.
  return name.toLowerCase() === "authorization" ? bearer : (bearer ?? value);
}

/** Byte for byte. A neighbour subdomain can plant a second cookie of the name, so two are as bad as a forged one. */
function inCookie(headers: Headers, name: string): string | null {
  const prefix = `${name}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const [first, ...others] = pairs.filter((pair) => pair.startsWith(prefix));
  if (others.length > 0) throw new AdapterError("invalid_response", "JWT: more than one cookie of that name");
  return first?.slice(prefix.length) ?? null;
}
