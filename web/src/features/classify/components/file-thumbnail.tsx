import { useCallback } from 'react';

interface Props {
  file: File;
  className: string | undefined;
}

const WIDTH = 400;

/** A promise that resolves when the last queued thumbnail has been drawn. */
let last = Promise.resolve();

/**
 * A thumbnail of a local file; blank if the browser does not support the format.
 *
 * Images are decoded one at a time and only the thumbnail is kept, because a dozen decoded camera
 * images would need half a gigabyte of memory.
 */
export const FileThumbnail = ({ file, className }: Props) => {
  const show = useCallback(
    (canvas: HTMLCanvasElement) => {
      let isMounted = true;
      last = last.then(() => (isMounted ? draw(file, canvas) : undefined)).catch(leaveBlank);
      return () => {
        isMounted = false;
      };
    },
    [file],
  );
  return <canvas ref={show} width={0} height={0} className={className} aria-hidden />;
};

const draw = async (file: File, canvas: HTMLCanvasElement): Promise<void> => {
  const small = await createImageBitmap(file, { resizeWidth: WIDTH, resizeQuality: 'medium' });
  canvas.width = small.width;
  canvas.height = small.height;
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(small);
};

/**
 * Leaves the canvas blank if the browser cannot decode the image. The server's thumbnail is shown
 * after the classification.
 */
const leaveBlank = () => undefined;
