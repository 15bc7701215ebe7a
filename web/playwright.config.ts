import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defineConfig, devices } from '@playwright/test';

import { ANY_SCREEN } from './e2e/screens';
import { launchOptions } from './scripts/chromium.mjs';

const PORT = Number(process.env.DEEPSKY_E2E_PORT ?? 8765);

/** Chromium options that turn off background activity unrelated to the tests. */
const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-sync',
  '--no-first-run',
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
    // Playwright's routes do not see the requests of a service worker.
    serviceWorkers: 'block',
    baseURL: `http://127.0.0.1:${PORT}`,
    launchOptions: { ...launchOptions, args: [...ARGS, ...launchOptions.args] },
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'] } },
    {
      name: 'phone',
      use: { ...devices['Pixel 7'] },
      grepInvert: new RegExp(ANY_SCREEN.tag),
    },
  ],
  webServer: {
    command: `../.venv/bin/deepsky serve --port ${PORT}`,
    env: { DEEPSKY_DATA: mkdtempSync(join(tmpdir(), 'deepsky-e2e-')), DEEPSKY_RATE_LIMIT: '' },
    url: `http://127.0.0.1:${PORT}/api/v1/health`,
    timeout: 120_000,
  },
});
