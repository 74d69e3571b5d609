/** The pages about signing out, as oidc-provider has them shown. */
import { page } from "./page.ts";

/** Whether somebody means to sign out here as well. @param form of oidc-provider, to which the buttons belong */
export const signOutPage = (title: string, form: string): Response =>
  page(
    200,
    title,
    `<p>Do you want to sign out here as well?</p>
    ${form}
    <button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>
    <button form="op.logoutForm" class="quiet">No, stay signed in</button>`,
  );

export const signedOutPage = (title: string): Response => page(200, title, "<p>You are signed out here.</p>");
