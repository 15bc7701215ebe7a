import { useCallback } from 'react';

interface Props {
  file: File;
  className: string | undefined;
}

const WIDTH = 400;

/** The end of what is being drawn. */
let last = Promise.resolve();

/**
 * A file's image in small; nothing where the browser does not know its format.
 *
 * One is unpacked at a time, and none is kept unpacked: a dozen images of a modern camera take
 * half a gigabyte.
 */
export const FileThumbnail = ({ file, className }: Props) => {
  const show = useCallback(
    (canvas: HTMLCanvasElement) => {
      let isShown = true;
      last = last.then(() => (isShown ? draw(file, canvas) : undefined)).catch(leaveBlank);
      return () => {
        isShown = false;
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

/** A format that only the server knows: its answer comes with an image. */
const leaveBlank = () => undefined;
