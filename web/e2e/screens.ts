/** A test of what is the same on any screen: it runs on one. */
export const ANY_SCREEN = { tag: '@any-screen' };
