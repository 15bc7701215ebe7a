import { expect, it } from 'vitest';

import { summarize } from '@/features/classify/summary';
import { createAnswer } from '@/testing/fixtures';

const answers = (labels: Record<string, string>) =>
  Object.entries(labels).map(([model, label]) => createAnswer({ model, label }));

const image = (id: number) => ({
  id,
  source: new File([], `${id}.jpg`),
  status: { name: 'answered' as const },
});

it('does not count an ensemble beside its members', () => {
  const images = [image(1), image(2)];
  const compared = [
    answers({ vgg16: 'galaxy', resnet50: 'galaxy', ensemble: 'nebula' }),
    answers({ vgg16: 'galaxy', resnet50: 'nebula', ensemble: 'nebula' }),
  ];
  expect(summarize(images, compared, ['ensemble'])).toBe(
    '2 images: the models agree on 1 and they differ on 1.',
  );
});
