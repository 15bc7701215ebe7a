/** The tag of tests that do not depend on the screen size; they run on the desktop only. */
export const ANY_SCREEN = { tag: '@any-screen' };
