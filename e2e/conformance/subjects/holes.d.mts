export const holes: Record<string, string[]>;
