/** Tag of tests that do not depend on the screen size and run only at the desktop size. */
export const ANY_SCREEN = { tag: '@any-screen' };
