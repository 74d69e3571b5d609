/** Adapters with one fault each in how they ask, listen and name people, with the rules that must see it. */
import { AdapterError, type Identity } from "#adapters/adapter.ts";
import {
  lenient,
  type Profile,
  ReferenceAdapter,
  type ReferenceClass,
  type Secrets,
} from "./reference-adapter.ts";

let count = 0;
function counted(): string {
  count += 1;
  return String(count).padStart(43, "0");
}

const asking = (
  change: (questions: Record<string, string>, start: Request) => Record<string, string>,
): ReferenceClass =>
  class extends ReferenceAdapter {
    override questions(start: Request, secrets: Secrets) {
      return change(super.questions(start, secrets), start);
    }
  };

const secretsOf = (change: () => Partial<Secrets>): ReferenceClass =>
  class extends ReferenceAdapter {
    override secrets() {
      return { ...super.secrets(), ...change() };
    }
  };

const naming = (change: (identity: Identity, profile: Profile) => Identity): ReferenceClass =>
  class extends ReferenceAdapter {
    override identityOf(profile: Profile) {
      return change(super.identityOf(profile), profile);
    }
  };

class WithoutVerifier extends ReferenceAdapter {
  override redemption(code: string, secrets: Secrets) {
    const { code_verifier: _, ...rest } = super.redemption(code, secrets) as Record<string, string>;
    return rest;
  }
}

class OpenRedirect extends ReferenceAdapter {
  override destination(start: Request) {
    const domain = new URL(start.url).searchParams.get("domain");
    return domain ? new URL(domain) : super.destination(start);
  }
}

class HostBelieved extends ReferenceAdapter {
  override redirectUri(start: Request) {
    const host = start.headers.get("x-forwarded-host") ?? this.app.origin.host;
    return `https://${host}${this.app.callbackUrl.pathname}`;
  }
}

class IssuerOptional extends ReferenceAdapter {
  override checkIssuer(iss: string | null) {
    if (iss !== null) super.checkIssuer(iss);
  }
}

class IssuerUnread extends ReferenceAdapter {
  override checkIssuer() {}
}

class ErrorShown extends ReferenceAdapter {
  override refusal(error: string, query: URLSearchParams) {
    return new AdapterError("access_denied", `${error} ${query.get("error_description")}`);
  }
}

class Guest extends ReferenceAdapter {
  override async redeem(code: string, secrets: Secrets) {
    return super.redeem(code, secrets).catch(() => ({ guest: true }));
  }
  override async identify(tokens: Record<string, unknown>, query: URLSearchParams, secrets: Secrets) {
    return "guest" in tokens ? this.identityOf({ sub: "guest" }) : super.identify(tokens, query, secrets);
  }
}

class SecretLogged extends ReferenceAdapter {
  override async redeem(code: string, secrets: Secrets) {
    return super.redeem(code, secrets).catch(() => {
      const sent = new URLSearchParams(this.redemption(code, secrets));
      throw new AdapterError("provider_unavailable", `POST /token ${sent} failed`);
    });
  }
}

class QueryBelieved extends ReferenceAdapter {
  override async identify(tokens: Record<string, unknown>, query: URLSearchParams, secrets: Secrets) {
    const identity = await super.identify(tokens, query, secrets);
    return { ...identity, subject: query.get("sub") ?? identity.subject };
  }
}

class EmptyCode extends ReferenceAdapter {
  override codeOf(query: URLSearchParams) {
    return query.get("code") ?? "";
  }
}

class NameNeeded extends ReferenceAdapter {
  override identityOf(profile: Profile) {
    if (!profile.name) throw new TypeError("Cannot read properties of null");
    return super.identityOf(profile);
  }
}

export const referenceRedirect = lenient(ReferenceAdapter);

export const brokenRedirect = {
  "e-mail as subject": [
    lenient(naming((identity, { email }) => ({ ...identity, subject: email ?? "" }))),
    ["ID-1", "ID-2", "ID-3", "ID-4", "ID-7", "ID-8"],
  ],
  "login as subject": [
    lenient(naming((identity, { login }) => ({ ...identity, subject: login ?? "" }))),
    ["ID-1", "ID-2", "ID-4", "ID-7"],
  ],
  "subject cut off": [
    lenient(naming((identity) => ({ ...identity, subject: identity.subject.slice(0, 64) }))),
    ["ID-6"],
  ],
  "external_id from the name": [
    lenient(ReferenceAdapter, ({ name, subject }) => `test_${name ?? subject}`),
    ["ID-1", "ID-2", "ID-4", "ID-5"],
  ],
  "external_id lower-cased": [
    lenient(ReferenceAdapter, ({ subject }) => `test_${subject.toLowerCase()}`),
    ["ID-6"],
  ],
  "external_id without the adapter": [lenient(ReferenceAdapter, ({ subject }) => subject), ["ID-5"]],
  "external_id made anew": [
    lenient(ReferenceAdapter, ({ subject }) => `test_${subject}_${counted()}`),
    ["ID-1", "ID-5"],
  ],
  "an invented issuer": [lenient(naming((identity) => ({ ...identity, issuer: "me" }))), ["ID-7"]],
  "an unverified e-mail told": [
    lenient(naming((identity, { email }) => ({ ...identity, ...(email && { email }) }))),
    ["ID-8"],
  ],
  "a name needed": [lenient(NameNeeded), ["ID-3"]],
  "a counted state": [lenient(secretsOf(() => ({ state: counted() }))), ["START-3"]],
  "one verifier for all users": [lenient(secretsOf(() => ({ verifier: "v".repeat(43) }))), ["START-4"]],
  "no PKCE": [
    lenient(asking(({ code_challenge: _, code_challenge_method: __, ...rest }) => rest)),
    ["START-4", "CB-10"],
  ],
  "a verifier that is kept back": [lenient(WithoutVerifier), ["CB-10"]],
  "an open redirect": [lenient(OpenRedirect), ["START-2", "START-7"]],
  "a callback from the Host header": [lenient(HostBelieved), ["START-5"]],
  "a scope from the link": [
    lenient(
      asking((questions, start) => ({
        ...questions,
        scope: new URL(start.url).searchParams.get("scope") ?? questions["scope"] ?? "",
      })),
    ),
    ["START-7"],
  ],
  "iss ignored": [lenient(IssuerUnread), ["CB-8", "CB-18"]],
  "a missing iss believed": [lenient(IssuerOptional), ["CB-18"]],
  "error_description shown": [lenient(ErrorShown), ["CB-6"]],
  "a guest when the provider fails": [lenient(Guest), ["CB-9", "CB-17"]],
  "the secret in the log": [lenient(SecretLogged), ["CB-13"]],
  "the person taken from the address": [lenient(QueryBelieved), ["CB-16"]],
  "an empty code": [lenient(EmptyCode), ["CB-15"]],
} as const;
