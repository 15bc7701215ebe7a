import { expect, type FileChooser, type Locator, type Page } from '@playwright/test';

import type { Classification } from '@/lib/api-client';

import samples from '../../samples/samples.json' with { type: 'json' };

/** Returns the name of the button of a sample image, such as `m-90`. */
export const sampleName = (name: string): RegExp => {
  const index = samples.findIndex(({ file }) => file === `${name}.jpg`);
  if (index === -1) throw new Error(`There is no sample image ${name}.`);
  return new RegExp(`^(Sample image|Beispielbild) ${index + 1}$`);
};

/** The Playwright page object of the home page, “Classify”. */
export class ClassifyPage {
  readonly result: Locator;
  readonly bars: Locator;
  readonly preview: Locator;
  readonly overlay: Locator;
  readonly list: Locator;
  readonly tiles: Locator;

  constructor(readonly page: Page) {
    this.result = page.getByRole('region', { name: 'Answer' });
    this.bars = this.result.getByRole('meter');
    this.preview = this.result.getByAltText(/^Image/);
    this.overlay = this.result.getByAltText(/^Evidence for/);
    this.list = page.getByRole('region', { name: 'Your images' });
    this.tiles = this.list.getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.page.getByRole('button', { name: 'Choose images' })).toBeVisible();
  }

  /** Returns the button of a sample image, such as `m-90`, in any language. */
  sample(name: string): Locator {
    return this.page.getByRole('button', { name: sampleName(name) });
  }

  async choose(
    files: Parameters<FileChooser['setFiles']>[0],
    button = 'Choose images',
  ): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: button }).click();
    await (await chooser).setFiles(files);
  }

  async drop(name: string, content: Buffer): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(
      ([file, base64]) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], file));
        return transfer;
      },
      [name, content.toString('base64')] as const,
    );
    await this.page.getByRole('main').dispatchEvent('drop', { dataTransfer });
  }

  /** Drags a file over the page without dropping it. */
  async dragFileOver(): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([], 'm-90.jpg', { type: 'image/jpeg' }));
      return transfer;
    });
    await this.page.getByRole('main').dispatchEvent('dragenter', { dataTransfer });
  }

  /** Shows the evidence contours. */
  async askWhy(): Promise<void> {
    await this.result.getByRole('button', { name: 'Why?' }).click();
    await expectLoaded(this.overlay);
  }

  /** Opens the menu “More” below the image. Returns an item of it. */
  async menuItem(name: string): Promise<Locator> {
    await this.result.getByRole('button', { name: 'More' }).click();
    return this.page.getByRole('menu').getByText(name, { exact: true });
  }

  /** Waits for the response to an image upload. Returns the classification in the response. */
  async nextAnswer(): Promise<Classification> {
    const response = await this.page.waitForResponse(
      (reply) => reply.request().method() === 'POST' && reply.url().endsWith('/classifications'),
    );
    return (await response.json()) as Classification;
  }

  /** Returns the exact probabilities of the four classes, as read from the probability bars. */
  async probabilities(): Promise<number[]> {
    await expect(this.bars).toHaveCount(4);
    const values = await this.bars.evaluateAll((bars) => bars.map((bar) => bar.ariaValueNow));
    return values.map(Number);
  }
}

/** Waits until an image is visible and fully loaded. */
export const expectLoaded = async (image: Locator): Promise<void> => {
  await expect(image).toBeVisible();
  await expect
    .poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
};
