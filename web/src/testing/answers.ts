import type { Card, Classification } from '@/lib/api-client';

/** What the server might say, with what a test is about put in its place. */
export const answerWith = (changes: Partial<Classification> = {}): Classification => ({
  id: 'a1',
  path: 'm51.jpg',
  label: 'galaxy',
  verdict: 'confident',
  probabilities: { galaxy: 0.964, nebula: 0.02, star_cluster: 0.012, other: 0.004 },
  prediction_set: ['galaxy'],
  novelty: 0.08,
  model: 'efficientnet',
  model_version: '1.0.0',
  model_sha256: 'f00d',
  image_sha256: 'beef',
  width: 4656,
  height: 3520,
  format: 'FITS',
  stretch: 'asinh',
  created_at: '2026-11-22T21:00:00Z',
  elapsed_ms: { decode: 12.5, infer: 7.25 },
  feedback: null,
  ...changes,
});

const estimate = { value: 0.951, low: 0.934, high: 0.966 };

export const card: Card = {
  name: 'efficientnet',
  title: 'EfficientNet-B0',
  version: '1.0.0',
  created: '2026-11-22',
  labels: ['galaxy', 'nebula', 'star_cluster', 'other'],
  metrics: {
    test: {
      macro_f1: estimate,
      accuracy: estimate,
      pictures: 1731,
      objects: 402,
      per_class: {},
      confusion: [],
    },
  },
  network: {},
  calibration: {},
  novelty: {},
};
