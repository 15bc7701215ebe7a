import { language } from '@/lib/language';

const percent = new Intl.NumberFormat(language, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const roundPercent = new Intl.NumberFormat(language, { style: 'percent' });
const count = new Intl.NumberFormat(language);
const alternatives = new Intl.ListFormat(language, { type: 'disjunction' });
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
const fileSize = new Intl.NumberFormat(language, {
  style: 'unit',
  unit: 'megabyte',
  maximumFractionDigits: 1,
});
const millions = new Intl.NumberFormat(language, { notation: 'compact', compactDisplay: 'long' });
const list = new Intl.ListFormat(language, { type: 'conjunction' });
const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

/** Formats a percentage with one decimal place, or as "<0.1%" or ">99.9%" close to the limits. */
export const formatPercent = (value: number): string => {
  if (value > 0 && value < 0.001) return `<${percent.format(0.001)}`;
  if (value < 1 && value > 0.999) return `>${percent.format(0.999)}`;
  return percent.format(value);
};

/** Formats a percentage without decimal places. */
export const formatRoundPercent = (value: number): string => roundPercent.format(value);

export const formatNumber = (value: number, digits: number): string =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const formatCount = (value: number): string => count.format(value);

/** Joins words in the form "a, b, or c". */
export const formatAlternatives = (words: string[]): string => alternatives.format(words);

/** Joins words in the form "a, b, and c". */
export const formatList = (words: string[]): string => list.format(words);

/** Formats the date of an ISO 8601 time in the local time zone. */
export const formatDay = (iso: string): string => day.format(new Date(iso));

/** Formats an ISO 8601 time as date and time in the local time zone. */
export const formatDate = (iso: string): string => date.format(new Date(iso));

/** Formats an ISO 8601 time as the time of day, or as date and time if it is not today. */
export const formatTime = (iso: string): string => {
  const instant = new Date(iso);
  const isToday = instant.toDateString() === new Date().toDateString();
  return (isToday ? time : date).format(instant);
};

export const formatMilliseconds = (value: number): string => milliseconds.format(value);

export const formatMegabytes = (bytes: number): string => megabytes.format(bytes / 1e6);

/** Formats the size of a file in megabytes, rounded up to one decimal place. */
export const formatFileSize = (bytes: number): string =>
  fileSize.format(Math.ceil(bytes / 1e5) / 10);

/** Formats a large number compactly, for example "4.4 million". */
export const formatMillions = (value: number): string => millions.format(value);
