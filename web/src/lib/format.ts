import { currentLanguage, type Language } from '@/lib/language';

const createFormats = (language: Language) => ({
  percent: new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }),
  roundPercent: new Intl.NumberFormat(language, { style: 'percent' }),
  count: new Intl.NumberFormat(language),
  alternatives: new Intl.ListFormat(language, { type: 'disjunction' }),
  milliseconds: new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'millisecond',
    maximumSignificantDigits: 3,
  }),
  day: new Intl.DateTimeFormat(language, { dateStyle: 'medium' }),
  megabytes: new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'megabyte',
    maximumSignificantDigits: 2,
  }),
  fileSize: new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'megabyte',
    maximumFractionDigits: 1,
  }),
  millions: new Intl.NumberFormat(language, { notation: 'compact', compactDisplay: 'long' }),
  list: new Intl.ListFormat(language, { type: 'conjunction' }),
  time: new Intl.DateTimeFormat(language, { timeStyle: 'short' }),
  date: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
});

const created = new Map<Language, ReturnType<typeof createFormats>>();

/** Returns the formats of the current language. They are kept, because creating them takes time. */
const formats = () => {
  const language = currentLanguage();
  const known = created.get(language) ?? createFormats(language);
  created.set(language, known);
  return known;
};

/** Formats a percentage with one decimal place, or as "<0.1%" or ">99.9%" close to the limits. */
export const formatPercent = (value: number): string => {
  if (value > 0 && value < 0.001) return `<${formats().percent.format(0.001)}`;
  if (value < 1 && value > 0.999) return `>${formats().percent.format(0.999)}`;
  return formats().percent.format(value);
};

/** Formats a percentage without decimal places. */
export const formatRoundPercent = (value: number): string => formats().roundPercent.format(value);

export const formatNumber = (value: number, digits: number): string =>
  value.toLocaleString(currentLanguage(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

export const formatCount = (value: number): string => formats().count.format(value);

/** Joins words in the form "a, b, or c". */
export const formatAlternatives = (words: string[]): string => formats().alternatives.format(words);

/** Joins words in the form "a, b, and c". */
export const formatList = (words: string[]): string => formats().list.format(words);

/** Formats the date of an ISO 8601 time in the local time zone. */
export const formatDay = (iso: string): string => formats().day.format(new Date(iso));

/** Formats an ISO 8601 time as date and time in the local time zone. */
export const formatDate = (iso: string): string => formats().date.format(new Date(iso));

/** Formats an ISO 8601 time as the time of day, or as date and time if it is not today. */
export const formatTime = (iso: string): string => {
  const instant = new Date(iso);
  const isToday = instant.toDateString() === new Date().toDateString();
  return (isToday ? formats().time : formats().date).format(instant);
};

export const formatMilliseconds = (value: number): string => formats().milliseconds.format(value);

export const formatMegabytes = (bytes: number): string => formats().megabytes.format(bytes / 1e6);

/** Formats the size of a file in megabytes, rounded up to one decimal place. */
export const formatFileSize = (bytes: number): string =>
  formats().fileSize.format(Math.ceil(bytes / 1e5) / 10);

/** Formats a large number compactly, for example "4.4 million". */
export const formatMillions = (value: number): string => formats().millions.format(value);
