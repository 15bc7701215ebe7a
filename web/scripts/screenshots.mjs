/**
 * Takes screenshots of every page for the documentation, in each theme and at two sizes, with the
 * real server and models: `npm run screenshots`.
 */
/* global document, localStorage, window */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { launchOptions } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TARGET = join(ROOT, 'docs/screenshots');
const IMAGES = ['ngc-1433', 'ngc-3199', 'ngc-6229', 'mars', 'm-90', 'ngc-5189'].map((name) =>
  join(ROOT, 'samples', `${name}.jpg`),
);
const THEMES = ['light', 'dark', 'red'];
const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };
const PAGES = {
  history: 'history',
  review: 'review',
  models: 'models',
  learn: 'learn',
  'learn-objects': 'learn/objects',
};

const startServer = async () => {
  const data = mkdtempSync(join(tmpdir(), 'deepsky-screenshots-'));
  const env = { ...process.env, DEEPSKY_DATA: data, DEEPSKY_RATE_LIMIT: '' };
  const server = spawn(join(ROOT, '.venv/bin/deepsky'), ['serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url) return { url, stop: () => server.kill() };
  }
  throw new Error('deepsky serve exited before it was ready.');
};

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page */
const settle = async (page) => {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.mantine-Skeleton-root'));
  // Images further down are not loaded, so that their decoding would never end.
  await page.evaluate(() =>
    Promise.all(
      [...document.images]
        .filter((image) => image.getBoundingClientRect().top < window.innerHeight)
        .map((image) => image.decode().catch(() => undefined)),
    ),
  );
};

/** @param {Page} page @param {string} name */
const takeScreenshot = async (page, name) => {
  await settle(page);
  await page.screenshot({
    path: join(TARGET, `${name}.jpg`),
    type: 'jpeg',
    quality: 72,
    animations: 'disabled',
  });
};

/**
 * Selects a model. On phones, the models are in a select box.
 *
 * @param {Page} page
 * @param {string} model
 */
const chooseModel = async (page, model) => {
  const list = page.getByRole('combobox', { name: 'Model' });
  if (await list.isVisible()) await list.selectOption({ label: model });
  else await page.getByRole('radiogroup', { name: 'Model' }).getByText(model).click();
};

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url
 * @param {string} theme
 * @param {keyof typeof SIZES} size
 */
const takeAll = async (browser, url, theme, size) => {
  const context = await browser.newContext({
    baseURL: url,
    viewport: SIZES[size],
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  await context.addInitScript((chosen) => {
    localStorage.setItem('deepsky-theme', JSON.stringify(chosen));
  }, theme);
  const page = await context.newPage();
  const named = (/** @type {string} */ name) => `${name}-${theme}-${size}`;
  await page.goto('/');
  const samples = page.getByRole('region', { name: 'Or try a sample image' }).getByRole('button');
  await samples.first().waitFor();
  await takeScreenshot(page, named('classify'));

  await samples.first().click();
  await page.getByRole('button', { name: 'Why?' }).and(page.locator(':enabled')).waitFor();
  await takeScreenshot(page, named('answer'));
  await page.getByRole('button', { name: 'Why?' }).click();
  await page.getByAltText(/^Evidence for/).waitFor();
  await takeScreenshot(page, named('evidence'));
  await chooseModel(page, 'Compare all');
  const comparison = page.getByRole('list', { name: 'Answers from all models' });
  await comparison.getByRole('meter').first().waitFor();
  await comparison.scrollIntoViewIfNeeded();
  await takeScreenshot(page, named('compare'));
  await chooseModel(page, 'EfficientNet-B0');
  await page.goto('/');
  await page.locator('input[type=file]').first().setInputFiles(IMAGES);
  const list = page.getByRole('region', { name: 'Your images' });
  await list.locator('[aria-busy=false]').waitFor();
  await takeScreenshot(page, named('images'));

  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(`/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await takeScreenshot(page, named(name));
  }
  await context.close();
};

const server = await startServer();
const browser = await chromium.launch(launchOptions);
try {
  for (const theme of THEMES)
    for (const size of /** @type {const} */ (['desktop', 'phone']))
      await takeAll(browser, server.url, theme, size);
} finally {
  await browser.close();
  server.stop();
}
