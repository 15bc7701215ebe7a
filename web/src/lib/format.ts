const share = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const roundShare = new Intl.NumberFormat('en', { style: 'percent' });
const count = new Intl.NumberFormat('en');
const list = new Intl.ListFormat('en', { type: 'disjunction' });

/** A probability for people; never "0.0%" nor "100.0%" for what is only nearly so. */
export const formatShare = (value: number): string => {
  if (value > 0 && value < 0.001) return `<${share.format(0.001)}`;
  if (value < 1 && value > 0.999) return `>${share.format(0.999)}`;
  return share.format(value);
};

/** A share without decimals. */
export const formatRoundShare = (value: number): string => roundShare.format(value);

export const formatNumber = (value: number, digits: number): string => value.toFixed(digits);

export const formatCount = (value: number): string => count.format(value);

/** "a, b, or c" */
export const formatChoice = (words: string[]): string => list.format(words);
