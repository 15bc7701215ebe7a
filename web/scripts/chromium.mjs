/** Chromium for tests and screenshots: the installed one or, if missing, Playwright's download. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';

const INSTALLED = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const executablePath = process.env.DEEPSKY_CHROMIUM ?? INSTALLED.find((path) => existsSync(path));

export const launchOptions = {
  args: userInfo().uid === 0 ? ['--no-sandbox'] : [], // Chromium's sandbox does not work for the root user
  ...(executablePath !== undefined && { executablePath }),
};
