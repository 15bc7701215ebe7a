/** The parameters of the stretch “mtf”, as in the names of stretches on the server. */
export interface Midtones {
  /** The brightness of the sky after the stretch, from 0 to 1. */
  background: number;
  /** The distance from the black point to the sky, in deviations of the noise. */
  shadows: number;
}

/** The server's parameters of “mtf” without parameters. */
const DEFAULTS: Midtones = { background: 0.12, shadows: 2.8 };

/** Returns the parameters in the name of a stretch, or the defaults. */
export const midtonesOf = (stretch: string): Midtones => {
  const [, background, shadows] = /^mtf-([\d.]+)-([\d.]+)$/.exec(stretch) ?? [];
  if (background === undefined || shadows === undefined) return DEFAULTS;
  return { background: Number(background), shadows: Number(shadows) };
};

/** Returns the name of the stretch with these parameters. */
export const stretchOf = ({ background, shadows }: Midtones): string =>
  `mtf-${background.toFixed(2)}-${shadows.toFixed(1)}`;

/** Whether a stretch is the one that the server chooses for linear images. */
export const isAutomatic = (stretch: string): boolean => stretch === 'mtf';
