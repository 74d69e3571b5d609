/** Whether a person will look at the answer: browsers ask for HTML when, and only when, they navigate. */
export const wantsHtml = (accept: string | null | undefined) => (accept ?? "").includes("text/html");
