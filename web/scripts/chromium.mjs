/** Launch options for Chromium. If Chromium is not installed, Playwright uses its own copy. */
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
  args: userInfo().uid === 0 ? ['--no-sandbox'] : [], // no sandbox for the root user
  ...(executablePath !== undefined && { executablePath }),
};
