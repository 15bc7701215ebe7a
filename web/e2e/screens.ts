/** Tag of tests that do not depend on the screen size and therefore run only on the desktop. */
export const ANY_SCREEN = { tag: '@any-screen' };
