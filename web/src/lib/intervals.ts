/** A value and its 95% confidence interval. */
interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** 97.5th percentile of the standard normal distribution. */
const NORMAL_QUANTILE = 1.959964;

/**
 * Computes a proportion and its 95% Wilson score interval.
 *
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
 * American Statistical Association 22, 1927.
 */
export const wilsonInterval = (count: number, all: number): Estimate => {
  const z2 = NORMAL_QUANTILE ** 2;
  const middle = (count + z2 / 2) / (all + z2);
  const half = (NORMAL_QUANTILE * Math.sqrt((count * (all - count)) / all + z2 / 4)) / (all + z2);
  return {
    value: count / all,
    // Exact at the ends, where rounding errors would leave a gap.
    low: count === 0 ? 0 : middle - half,
    high: count === all ? 1 : middle + half,
  };
};

/**
 * Returns an estimate with an interval that is wider than a point.
 *
 * Resampling cannot estimate the interval if all answers or none of them are right: every sample has
 * the same proportion. In this case, the Wilson score interval is used.
 */
export const withInterval = (estimate: Estimate, count: number, all: number): Estimate =>
  estimate.low === estimate.high && all > 0 && (count === 0 || count === all)
    ? wilsonInterval(count, all)
    : estimate;
