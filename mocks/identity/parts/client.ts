/** An application registered at a mock provider. */
export interface Client {
  clientId: string;
  clientSecret: string;
  /** Compared byte for byte. */
  redirectUris: string[];
  /** Where a sign-out may lead back to. */
  logoutUrls?: string[];
}
