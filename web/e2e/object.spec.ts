import { readFileSync } from 'node:fs';

import { expect, type Locator, type Page, test } from '@playwright/test';

import { findViolations } from './accessibility';
import { ClassifyPage, expectLoaded } from './classify-page';
import { placedImage } from './placed-image';

const VIRGO = { ra: 187.2, dec: 13, field: 2.5 };
const M_90 = { ra: 189.21, dec: 13.16, field: 0.3 };

let classifyPage: ClassifyPage;
let section: Locator;
let outlines: Locator;

test.beforeEach(async ({ page }) => {
  classifyPage = new ClassifyPage(page);
  section = page.getByRole('region', { name: 'Which object' });
  outlines = page.getByRole('img', { name: /^Outlines of objects in the field/ });
  await classifyPage.open();
});

const choose = (place: Parameters<typeof placedImage>[0], name = 'image.jpg') =>
  classifyPage.choose({ name, mimeType: 'image/jpeg', buffer: placedImage(place) });

const headline = (page: Page) => page.getByRole('heading', { level: 2 }).first();

test('a placed image is named, with outlines that can be switched off', async ({ page }) => {
  await choose(M_90);
  await expect(headline(page)).toHaveText('A galaxy: M 90');
  await expect(section.getByText('spiral galaxy').first()).toBeVisible();
  await expect(section.getByRole('img', { name: /In the constellation Virgo/ })).toBeVisible();
  await expectLoaded(classifyPage.preview);
  const subject = await outlines.locator('[data-subject]').elementHandle();
  // Both are measured at the same time, because the page may still be scrolling.
  const [image, outline] = await classifyPage.preview.evaluate(
    (preview, drawn) =>
      [preview, drawn as Element].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y, width, height };
      }),
    subject,
  );
  if (image === undefined || outline === undefined) throw new Error('Nothing is shown.');
  // M 90 is in the middle of the image and almost 10 arcminutes long.
  expect(outline.x + outline.width / 2).toBeCloseTo(image.x + image.width / 2, -1);
  expect(outline.y + outline.height / 2).toBeCloseTo(image.y + image.height / 2, -1);
  expect(outline.height / Math.min(image.height, image.width)).toBeGreaterThan(0.3);
  expect(await findViolations(page)).toEqual([]);
  await (await classifyPage.menuItem('Show objects')).click();
  await expect(outlines).toHaveCount(0);
  await classifyPage.askWhy();
});

test('the labels of a crowded field do not overlap and are inside the image', async ({ page }) => {
  await choose(VIRGO);
  await expect(section.getByText(/^\d\d objects in the field$/)).toBeVisible();
  const frame = await outlines.boundingBox();
  if (frame === null) throw new Error('No outlines are shown.');
  const boxes = await outlines.locator('text').evaluateAll((labels) =>
    labels.map((label) => {
      const { left, right, top, bottom } = label.getBoundingClientRect();
      return { left, right, top, bottom };
    }),
  );
  expect(boxes.length).toBeGreaterThan(3);
  for (const [index, one] of boxes.entries()) {
    expect(one.left).toBeGreaterThanOrEqual(frame.x - 1);
    expect(one.right).toBeLessThanOrEqual(frame.x + frame.width + 1);
    for (const other of boxes.slice(index + 1)) {
      const isApart =
        one.right <= other.left ||
        other.right <= one.left ||
        one.bottom <= other.top + 2 ||
        other.bottom <= one.top + 2;
      expect(isApart).toBe(true);
    }
  }
  await section.getByText(/objects in the field$/).click();
  await expect(section.getByText(/^M 87 Virgo A, elliptical galaxy$/)).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
});

test('other websites are asked only when a link is opened', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(baseURL ?? '') && !/^(blob|data):/.test(url)) foreign.push(url);
  });
  await choose(M_90);
  const link = section.getByRole('link', { name: 'SIMBAD' });
  await link.hover();
  await page.waitForLoadState('networkidle');
  expect(foreign).toEqual([]);
  await page
    .context()
    .route('https://simbad.cds.unistra.fr/**', (route) => route.fulfill({ body: '' }));
  const [opened] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await expect(opened).toHaveURL(/simbad\.cds\.unistra\.fr.*Ident=M\+90/);
});

test('an object that the position contradicts is not in the headline', async ({ page }) => {
  await choose({ ...M_90, name: 'M 31' });
  await expect(headline(page)).toHaveText(/^A galaxy, /);
  const text = 'The file header says M 31, Andromeda Galaxy, but the field is around M 90.';
  await expect(page.getByText(text)).toBeVisible();
});

test('only images of deep-sky objects are said not to be placed', async ({ page }) => {
  const notPlaced = page.getByText(/place of this image on the sky is not known yet/);
  await classifyPage.choose({ ...sample('m-90.jpg'), name: 'image.jpg' });
  await expect(notPlaced).toBeVisible();
  await page.getByRole('button', { name: 'Another image' }).waitFor();
  await classifyPage.choose({ ...sample('cat.jpg'), name: 'image.jpg' }, 'Another image');
  await expect(headline(page)).toHaveText(/Not a deep-sky object/);
  await expect(notPlaced).toHaveCount(0);
});

const sample = (name: string) => ({
  mimeType: 'image/jpeg',
  buffer: readFileSync(`../samples/${name}`),
});
