import type { Card, Classification, Feedback, ModelSummary } from '@/lib/api-client';

/** A classification from the API, with changes. */
export const createAnswer = (changes: Partial<Classification> = {}): Classification => ({
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

export const createFeedback = (changes: Partial<Feedback> = {}): Feedback => ({
  verdict: 'correct',
  label: null,
  comment: null,
  created_at: '2026-11-22T21:05:00Z',
  ...changes,
});

const estimate = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });

/** An entry of the list of models. */
export const createModel = (name: string, title: string, macroF1: number): ModelSummary => ({
  name,
  title,
  version: '1.0.0',
  created: '2026-11-22',
  labels: ['galaxy', 'nebula', 'star_cluster', 'other'],
  metrics: {
    test: {
      macro_f1: estimate(macroF1),
      accuracy: estimate(0.951),
      images: 1731,
      objects: 402,
    },
  },
  network: { bytes: 8_776_701, parameters: 4_378_791 },
  members: [],
});

export const model = createModel('efficientnet', 'EfficientNet-B0', 0.94);

/** A model card with required fields only. */
export const createCard = ({ name, title, version, created, labels }: ModelSummary): Card => ({
  name,
  title,
  version,
  created,
  labels,
  metrics: {},
  network: {},
  calibration: {},
  novelty: {},
});
