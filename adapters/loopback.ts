const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether an address stays on this machine, where plain http is private. */
export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);
