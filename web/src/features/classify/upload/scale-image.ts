import type { ScalableFormat } from '@/features/classify/upload/scalable-format';
import { scaledSize, type Size } from '@/features/classify/upload/scaled-size';

const QUALITY = 0.92;

/** An image that was scaled down, and its size before. */
export interface ScaledImage extends Size {
  file: File;
  original: Size;
}

/**
 * Scales an image down with the browser's decoder. Returns undefined if that is not possible, or if
 * the image is small or transparent.
 *
 * The browser applies the orientation and converts the colours to sRGB, so the scaled image has
 * neither an orientation nor a colour profile. PNG and WebP may contain linear data, which the server
 * recognises by their distribution, so they are stored without loss.
 */
export const scaleDown = async (
  file: File,
  format: ScalableFormat,
): Promise<ScaledImage | undefined> => {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(
    () => null,
  );
  if (bitmap === null) return undefined;
  const original = { width: bitmap.width, height: bitmap.height };
  const isLossy = format === 'JPEG' || format === 'HEIC';
  const type = isLossy ? 'image/jpeg' : 'image/png';
  const canvas = draw(bitmap, scaledSize(original), isLossy);
  bitmap.close();
  if (canvas === undefined) return undefined;
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, type, QUALITY);
  });
  if (blob?.type !== type) return undefined;
  const { width, height } = canvas;
  return { file: new File([blob], file.name, { type }), width, height, original };
};

const draw = (
  bitmap: ImageBitmap,
  { width, height }: Size,
  isOpaque: boolean,
): HTMLCanvasElement | undefined => {
  if (width === bitmap.width) return undefined;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  if (!isOpaque && hasTransparency(context.getImageData(0, 0, width, height))) return undefined;
  return canvas;
};

const hasTransparency = ({ data }: ImageData): boolean => {
  for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha] !== 255) return true;
  return false;
};
