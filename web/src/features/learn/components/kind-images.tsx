import type { ShippedLabel } from '@/lib/labels';
import { sampleCredit, sampleTitle } from '@/lib/sample-text';
import { samples } from '@/lib/samples';

/** The number of sample images of each class. The first ones are typical. */
const IMAGES = 3;

/** Shows sample images of a class. */
export const KindImages = ({ label }: { label: ShippedLabel }) =>
  samples
    .filter((sample) => sample.label === label)
    .slice(0, IMAGES)
    .map((sample) => (
      <figure key={sample.file}>
        <img src={sample.thumbnail} alt="" loading="lazy" />
        <figcaption>{sampleCredit(sample, sampleTitle(sample))}</figcaption>
      </figure>
    ));
