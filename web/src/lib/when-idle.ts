/** Calls a function when the browser has nothing else to do. */
export const whenIdle = (callback: () => void): void => {
  // Safari does not support requestIdleCallback.
  if ('requestIdleCallback' in window) requestIdleCallback(callback);
  else setTimeout(callback);
};
