/** The length of the longest side of a scaled image, in pixels. */
export const LONGEST_SIDE = 2048;

/** The minimum length of the shorter side, in pixels; it limits the reduction of panoramas. */
const SHORTER_SIDE = 800;

export interface Size {
  width: number;
  height: number;
}

/** Returns the size to which an image is scaled down; its own size if it is small. */
export const scaledSize = ({ width, height }: Size): Size => {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  const factor = Math.min(1, Math.max(LONGEST_SIDE / longer, SHORTER_SIDE / shorter));
  return { width: Math.round(width * factor), height: Math.round(height * factor) };
};
