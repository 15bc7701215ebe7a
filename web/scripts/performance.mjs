/**
 * Measures how fast every page loads, as sent by `deepsky serve`, on a slow phone: Fast 3G and a
 * processor that is four times slower. Run it on an idle machine, after `npm run build`:
 * `npm run performance`. It fails if a page exceeds a limit.
 *
 * `npm run performance -- --runs 5 models learn` measures two pages, five times each, and prints
 * the medians. `--details` also prints what was loaded, painted and shifted.
 */
/* global console, performance, PerformanceObserver, window */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { chromium, request } from '@playwright/test';

import { launchOptions } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The pages. `answers` and `shared` stand for the pages of an answer. */
const PAGES = [
  '',
  'history',
  'answers',
  'shared',
  'review',
  'models',
  'learn',
  'learn/objects',
  'learn/kinds',
  'learn/networks',
  'learn/figures',
  'learn/data',
  'nowhere',
];
/** The sample images that are classified before the pages are measured. */
const SAMPLES = ['ngc-6229.jpg', 'ngc-3199.jpg', 'cat.jpg'];
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 375, height: 667 } };

/** The preset “Fast 3G” of Chromium's developer tools. */
const FAST_3G = {
  offline: false,
  latency: 562.5,
  downloadThroughput: (1.6e6 * 0.9) / 8,
  uploadThroughput: (0.75e6 * 0.9) / 8,
};
const CPU_SLOWDOWN = 4;

const LIMITS = { fcp: 2000, lcp: 2500, cls: 0.02, requests: 15, kilobytes: 180 };

/** The mark that a page sets when it is rendered and reacts to input. */
const USABLE = 'usable';

const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '1' }, details: { type: 'boolean', default: false } },
});

const startServer = async () => {
  const env = {
    ...process.env,
    DEEPSKY_DATA: mkdtempSync(join(tmpdir(), 'deepsky-performance-')),
    DEEPSKY_RATE_LIMIT: '',
  };
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

/** Runs in the page before its own scripts. */
const observe = () => {
  const measured = {
    fcp: 0,
    lcp: 0,
    largest: '',
    painted: /** @type {string[]} */ ([]),
    cls: 0,
    shifts: /** @type {string[]} */ ([]),
  };
  Object.assign(window, { measured });
  const watch = (
    /** @type {string} */ type,
    /** @type {(entry: any) => void} */ add, // Chromium's entries are not in TypeScript's types
  ) => {
    new PerformanceObserver((list) => {
      list.getEntries().forEach(add);
    }).observe({ type, buffered: true });
  };
  const describe = (/** @type {Element | null | undefined} */ element) =>
    element?.nodeType === 1
      ? `${element.tagName.toLowerCase()} ${element.getAttribute('src') ?? element.textContent.trim()}`.slice(
          0,
          60,
        )
      : '-';
  watch('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') measured.fcp = startTime;
  });
  watch('largest-contentful-paint', ({ startTime, size, element }) => {
    measured.lcp = startTime;
    measured.largest = describe(element);
    measured.painted.push(`${Math.round(startTime)} ms, ${size} pixels: ${measured.largest}`);
  });
  watch('layout-shift', ({ value, hadRecentInput, sources }) => {
    if (hadRecentInput) return;
    measured.cls += value;
    measured.shifts.push(
      ...sources.map((/** @type {{ node: Element }} */ { node }) => describe(node)),
    );
  });
};

/**
 * Loads a page and measures it.
 *
 * @param {import('@playwright/test').BrowserContext} context @param {string} url
 */
const measure = async (context, url) => {
  const page = await context.newPage();
  await page.addInitScript(observe);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', FAST_3G);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  /** @type {Map<string, { at: number, bytes: number, url: string }>} */
  const requests = new Map();
  session.on('Network.requestWillBeSent', ({ requestId, timestamp, request }) => {
    if (request.url.startsWith('http'))
      requests.set(requestId, { at: timestamp, bytes: 0, url: request.url });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0, USABLE, {
    timeout: 60_000,
  });
  await page.waitForLoadState('networkidle', { timeout: 60_000 });
  await page.waitForTimeout(1000);
  const { measured, usable } = await page.evaluate(
    (mark) => ({
      measured: /** @type {any} */ (window).measured,
      usable: performance.getEntriesByName(mark)[0]?.startTime ?? NaN,
    }),
    USABLE,
  );
  const all = [...requests.values()].filter(({ bytes }) => bytes > 0);
  const start = Math.min(...[...requests.values()].map(({ at }) => at));
  const before = all.filter(({ at }) => (at - start) * 1000 < usable);
  await page.close();
  return {
    ...measured,
    usable,
    requests: before.length,
    kilobytes: sum(before) / 1000,
    allRequests: all.length,
    allKilobytes: sum(all) / 1000,
    files: before.map(({ url: name, bytes }) => `${new URL(name).pathname} ${bytes}`),
  };
};

const sum = (/** @type {{ bytes: number }[]} */ requests) =>
  requests.reduce((total, { bytes }) => total + bytes, 0);

/** Classifies the samples and returns the cookies of the session and the path of each page. */
const classifySamples = async () => {
  const api = await request.newContext({ baseURL: `${server.url}/api/v1/` });
  const ids = [];
  for (const name of SAMPLES) {
    const buffer = readFileSync(join(ROOT, 'samples', name));
    const image = { name, mimeType: 'image/jpeg', buffer };
    const response = await api.post('classifications', { multipart: { image } });
    ids.push((await response.json()).id);
  }
  const share = await api.post(`classifications/${ids[0]}/share`);
  const { token } = await share.json();
  const storageState = await api.storageState();
  await api.dispose();
  /** @type {Record<string, string>} */
  const paths = { answers: `answers/${ids[0]}`, shared: `shared/${token}` };
  return { storageState, pathOf: (/** @type {string} */ page) => paths[page] ?? page };
};

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * Returns the result of several runs: the median of each number, and everything else of the run
 * with the median of the largest contentful paint.
 *
 * @param {Awaited<ReturnType<typeof measure>>[]} runs
 */
const summarize = (runs) => {
  const [typical] = runs.toSorted((a, b) => a.lcp - b.lcp).slice(Math.floor(runs.length / 2));
  return Object.fromEntries(
    Object.entries(typical).map(([name, value]) => [
      name,
      typeof value === 'number' ? median(runs.map((run) => run[name])) : value,
    ]),
  );
};

const VISITS = ['first', 'repeat'];

/**
 * Measures the first visit to a page, with an empty cache, and the one after it.
 *
 * @param {import('@playwright/test').ViewportSize} viewport @param {string} page
 */
const visit = async (viewport, page) => {
  const context = await browser.newContext({ viewport, deviceScaleFactor: 1, storageState });
  const url = `${server.url}/${pathOf(page)}`;
  const results = [await measure(context, url), await measure(context, url)];
  await context.close();
  return results;
};

const server = await startServer();
const browser = await chromium.launch(launchOptions);
const { storageState, pathOf } = await classifySamples();
let failures = 0;
console.log(
  'size    visit  page            FCP/ms LCP/ms usable/ms   CLS requests  kB  (in all)  load  largest',
);
try {
  for (const [size, viewport] of Object.entries(SIZES))
    for (const page of chosen.length > 0 ? chosen : PAGES) {
      /** @type {Awaited<ReturnType<typeof visit>>[]} */
      const runs = [];
      for (let run = 0; run < Number(options.runs); run += 1)
        runs.push(await visit(viewport, page));
      VISITS.forEach((name, index) => {
        const result = summarize(runs.map((visits) => visits[index]));
        const exceeded = Object.entries(LIMITS).filter(
          ([limited, limit]) => result[limited] > limit,
        );
        failures += exceeded.length;
        console.log(
          size.padEnd(8) + name.padEnd(7) + `/${page}`.padEnd(16),
          String(Math.round(result.fcp)).padStart(5),
          String(Math.round(result.lcp)).padStart(6),
          String(Math.round(result.usable)).padStart(9),
          result.cls.toFixed(3).padStart(6),
          String(result.requests).padStart(6),
          String(Math.round(result.kilobytes)).padStart(6),
          `(${result.allRequests}, ${Math.round(result.allKilobytes)} kB)`.padStart(14),
          (loadavg()[0] ?? NaN).toFixed(1).padStart(5),
          ` ${result.largest}`,
          exceeded.length > 0 ? `EXCEEDS ${exceeded.map(([limited]) => limited).join(', ')}` : '',
        );
        if (options.details)
          console.log(
            `    ${[...result.painted, ...result.shifts, ...result.files].join('\n    ')}`,
          );
      });
    }
} finally {
  await browser.close();
  server.stop();
}
console.log(failures > 0 ? `${failures} figures exceed a limit.` : 'No figure exceeds a limit.');
process.exitCode = failures > 0 ? 1 : 0;
