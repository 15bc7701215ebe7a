import { resolve } from 'node:path';

import { type CDPSession, expect, test } from '@playwright/test';

import { ClassifyPage } from './classify-page';
import { ANY_SCREEN } from './screens';

/** Drags a file from the operating system to a place in the window. */
const drag = (
  session: CDPSession,
  type: 'dragEnter' | 'dragOver' | 'dragCancel' | 'drop',
  [x, y]: readonly [number, number],
) =>
  session.send('Input.dispatchDragEvent', {
    type,
    x,
    y,
    data: { items: [], files: [resolve('../samples/m-90.jpg')], dragOperationsMask: 1 },
  });

test(
  'the notice about dropping vanishes when a file leaves the window or is dropped',
  ANY_SCREEN,
  async ({ page }) => {
    const classifyPage = new ClassifyPage(page);
    await classifyPage.open();
    const session = await page.context().newCDPSession(page);
    const notice = page.getByText('Drop to classify');
    await drag(session, 'dragEnter', [20, 20]);
    await expect(notice).toBeVisible();
    for (const place of [
      [600, 300],
      [900, 500],
      [300, 650],
    ] as const) {
      await drag(session, 'dragOver', place);
      await expect(notice).toBeVisible();
    }
    await drag(session, 'dragCancel', [300, 650]);
    await page.mouse.move(300, 650);
    await expect(notice).toBeHidden();
    await drag(session, 'dragEnter', [600, 300]);
    await expect(notice).toBeVisible();
    await drag(session, 'drop', [600, 300]);
    await expect(notice).toBeHidden();
    await expect(classifyPage.bars).toHaveCount(4);
  },
);

test('the page names a folder that cannot be read', ANY_SCREEN, async ({ page }) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.addInitScript(() => {
    // As browsers do it if the user may not read the folder.
    const folder = {
      isDirectory: true,
      name: 'last night',
      createReader: () => ({
        readEntries: (_: unknown, fail: ErrorCallback) => {
          fail(new DOMException('Access is denied.', 'NotReadableError'));
        },
      }),
    };
    DataTransferItem.prototype.webkitGetAsEntry = () => folder as unknown as FileSystemEntry;
  });
  const classifyPage = new ClassifyPage(page);
  await classifyPage.open();
  await classifyPage.drop('last night', Buffer.alloc(0));
  await expect(page.getByRole('alert').filter({ hasText: 'cannot read last night' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose images' })).toBeVisible();
  expect(errors).toEqual([]);
});
