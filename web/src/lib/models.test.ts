import { expect, it } from 'vitest';

import type { ModelSummary } from '@/lib/api-client';
import { sortModels } from '@/lib/models';
import { createModel } from '@/testing/fixtures';

/** A model that was tested on images of new photographers. */
const tested = (name: string, macroF1: number): ModelSummary => {
  const model = createModel(name, name, macroF1);
  const [metrics] = Object.values(model.metrics);
  return { ...model, metrics: metrics ? { source_test: metrics } : {} };
};

it('sorts models by macro-F1, those without new photographers and ensembles last', () => {
  const models = [
    { ...tested('ensemble', 0.95), members: [{ name: 'vgg16', sha256: 'f'.repeat(64), scale: 1 }] },
    createModel('mine', 'mine', 0.99),
    tested('vgg16', 0.8),
    tested('efficientnet', 0.9),
  ];
  expect(sortModels(models).map(({ name }) => name)).toEqual([
    'efficientnet',
    'vgg16',
    'mine',
    'ensemble',
  ]);
});
