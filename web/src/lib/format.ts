import { language } from '@/lib/language';

const share = new Intl.NumberFormat(language, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const roundShare = new Intl.NumberFormat(language, { style: 'percent' });
const count = new Intl.NumberFormat(language);
const choice = new Intl.ListFormat(language, { type: 'disjunction' });
const milliseconds = new Intl.NumberFormat(language, {
  style: 'unit',
  unit: 'millisecond',
  maximumSignificantDigits: 3,
});
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const megabytes = new Intl.NumberFormat(language, {
  style: 'unit',
  unit: 'megabyte',
  maximumSignificantDigits: 2,
});
const millions = new Intl.NumberFormat(language, { notation: 'compact', compactDisplay: 'long' });
const list = new Intl.ListFormat(language, { type: 'conjunction' });
const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

/** A probability for people; never "0.0%" nor "100.0%" for what is only nearly so. */
export const formatShare = (value: number): string => {
  if (value > 0 && value < 0.001) return `<${share.format(0.001)}`;
  if (value < 1 && value > 0.999) return `>${share.format(0.999)}`;
  return share.format(value);
};

/** A share without decimals. */
export const formatRoundShare = (value: number): string => roundShare.format(value);

export const formatNumber = (value: number, digits: number): string =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const formatCount = (value: number): string => count.format(value);

/** "a, b, or c" */
export const formatChoice = (words: string[]): string => choice.format(words);

/** "a, b, and c" */
export const formatList = (words: string[]): string => list.format(words);

/** The day of a time as the API writes it. */
export const formatDay = (iso: string): string => day.format(new Date(iso));

/** A time as the API writes it, in the time of this machine. */
export const formatDate = (iso: string): string => date.format(new Date(iso));

export const formatMilliseconds = (value: number): string => milliseconds.format(value);

export const formatMegabytes = (bytes: number): string => megabytes.format(bytes / 1e6);

/** "4.4 million" */
export const formatMillions = (value: number): string => millions.format(value);
