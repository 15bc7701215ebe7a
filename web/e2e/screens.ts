/** The tag for tests that do not depend on the screen size; they run only at the desktop size. */
export const ANY_SCREEN = { tag: '@any-screen' };
