/** The Chromium for tests and screenshots: an installed one, or else the download of Playwright. */
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
  args: userInfo().uid === 0 ? ['--no-sandbox'] : [], // the sandbox does not work for root
  ...(executablePath !== undefined && { executablePath }),
};
