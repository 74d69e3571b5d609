/** The mock identity providers, as a test sees them. */
import { stack } from "../stack.ts";
import { control } from "./http.ts";

export interface Persona {
  /** The handle of the button on the provider's page. */
  id: string;
  subject: string;
  login?: string;
  name?: string | null;
  email?: string | null;
  email_verified?: boolean;
}

export interface ProviderFault {
  persona: string;
  fault: string;
  times?: number;
  delay_ms?: number;
}

const providerControl = (base: string) => ({
  url: base,
  persona: (persona: Persona) => control(base, "POST", "/personas", persona),
  fault: (fault: ProviderFault) => control(base, "POST", "/faults", fault),
});

export const githubControl = providerControl(stack.githubUrl);
export const auth0Control = providerControl(stack.auth0Url);
export const oidcControl = providerControl(stack.oidcUrl);
export const oidcFaultyControl = providerControl(stack.oidcFaultyUrl);
