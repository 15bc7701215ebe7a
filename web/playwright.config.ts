import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { defineConfig, devices } from '@playwright/test';

const PORT = 8765;

const INSTALLED = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** A Chromium that is here already; without one, Playwright's own download is used. */
const chromium = process.env.DEEPSKY_CHROMIUM ?? INSTALLED.find((path) => existsSync(path));

/** Nothing but the pages under test; Chromium's sandbox does not work for root. */
const args = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-sync',
  '--no-first-run',
  ...(userInfo().uid === 0 ? ['--no-sandbox'] : []),
];

export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  workers: '100%',
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    trace: 'retain-on-failure',
    launchOptions: { args, ...(chromium !== undefined && { executablePath: chromium }) },
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'] } },
    { name: 'phone', use: { ...devices['Pixel 7'] } },
  ],
  webServer: {
    command: `../.venv/bin/deepsky serve --port ${PORT}`,
    env: { DEEPSKY_DATA: mkdtempSync(join(tmpdir(), 'deepsky-e2e-')), DEEPSKY_RATE_LIMIT: '' },
    url: `http://127.0.0.1:${PORT}/api/v1/health`,
    timeout: 120_000,
  },
});
