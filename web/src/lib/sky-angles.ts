import { formatNumber } from '@/lib/format';

/** A space without a line break. */
const NBSP = '\u00a0';

const pad = (value: number) => String(value).padStart(2, '0');

/** Formats a right ascension in degrees as hours, minutes and seconds. */
export const formatRightAscension = (degrees: number): string => {
  const seconds = Math.round((((degrees % 360) + 360) % 360) * 240) % 86_400;
  return `${Math.floor(seconds / 3600)}h${NBSP}${pad(Math.floor(seconds / 60) % 60)}m${NBSP}${pad(seconds % 60)}s`;
};

/** Formats a declination in degrees as degrees and arcminutes with a sign. */
export const formatDeclination = (degrees: number): string => {
  const minutes = Math.round(Math.abs(degrees) * 60);
  return `${degrees < 0 ? '−' : '+'}${Math.floor(minutes / 60)}°${NBSP}${pad(minutes % 60)}′`;
};

/** Formats an angle in degrees, arcminutes or arcseconds, depending on its size. */
export const formatAngle = (degrees: number): string => {
  if (degrees >= 1) return `${formatNumber(degrees, 1)}°`;
  if (degrees >= 1 / 60) return `${formatNumber(degrees * 60, 1)}′`;
  return `${formatNumber(degrees * 3600, degrees * 3600 < 10 ? 1 : 0)}″`;
};
