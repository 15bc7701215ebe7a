import type {
  Card,
  Classification,
  Feedback,
  FieldObject,
  IdentifiedObject,
  Inspection,
  Metrics,
  ModelSummary,
  Sky,
} from '@/lib/api-client';
import type { ServerSettings } from '@/lib/server-settings';

/** Returns a classification in the format of the API; `changes` overrides individual fields. */
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
  subtype: null,
  object: null,
  objects: [],
  sky: null,
  sky_error: null,
  agreement: 'not placed',
  difference: null,
  agreement_message: null,
  combined: null,
  created_at: '2026-11-22T21:00:00Z',
  elapsed_ms: { decode: 12.5, infer: 7.25 },
  feedback: null,
  share: null,
  ...changes,
});

/** Returns the object M 31, found in the file name; `changes` overrides individual fields. */
export const createObject = (changes: Partial<IdentifiedObject> = {}): IdentifiedObject => ({
  name: 'M 31',
  common_name: 'Andromeda Galaxy',
  common_name_de: 'Andromedagalaxie',
  kind: 'spiral galaxy',
  labels: ['galaxy'],
  ra: 10.684799,
  dec: 41.269076,
  major_axis: 177.83,
  minor_axis: 69.66,
  magnitude: 3.44,
  constellation: 'And',
  distance: 2_500_000,
  discovered: { by: 'Abd al-Rahman al-Sufi', year: 964, before: false },
  found_by: 'file name',
  ...changes,
});

/** Returns an object in the field of an image; `changes` overrides individual fields. */
export const createFieldObject = (changes: Partial<FieldObject> = {}): FieldObject => {
  const ellipse = { x: 2328, y: 1760, semi_major: 1500, semi_minor: 600, angle: 35, inside: true };
  return { ...createObject(), ...ellipse, ...changes };
};

export const sky: Sky = {
  ra: 10.7,
  dec: 41.3,
  width: 2.586667,
  height: 1.955556,
  pixel_scale: 2,
  orientation: 0,
  mirrored: false,
  source: 'header',
  wcs: '',
};

/** Returns the header and the histogram of a grey image. */
export const createInspection = (): Inspection => ({
  header: [{ keyword: 'BITPIX', value: '16', comment: '' }],
  rows: 1,
  histogram: { low: 0, high: 4, channels: [{ counts: [1, 4, 2, 1], median: 1.5, deviation: 0.7 }] },
});

/** Returns the settings of a server; `changes` overrides individual fields. */
export const createSettings = (changes: Partial<ServerSettings> = {}): ServerSettings => ({
  version: '1.0.0',
  access: 'open',
  client: 'session',
  retention_days: null,
  default_model: 'efficientnet',
  solver: null,
  limits: { max_bytes: 256_000_000, max_pixels: 400_000_000, max_frames: 1000, max_images: 32 },
  formats: [],
  ...changes,
});

export const createFeedback = (changes: Partial<Feedback> = {}): Feedback => ({
  verdict: 'correct',
  label: null,
  second_label: null,
  blind: false,
  comment: null,
  created_at: '2026-11-22T21:05:00Z',
  ...changes,
});

const estimate = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });

/** Returns an entry in the list of models. */
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
      fields: 402,
    },
  },
  network: { sha256: 'e'.repeat(64), bytes: 8_776_701, parameters: 4_378_791 },
  members: [],
  predicts_kinds: true,
});

export const model = createModel('efficientnet', 'EfficientNet-B0', 0.94);

/** Returns the card of a model that has not been evaluated yet. */
export const createCard = ({ name, title, version, created, labels }: ModelSummary): Card => ({
  name,
  title,
  version,
  created,
  labels,
  licence: 'BSD-3-Clause',
  use: { intended: 'Images of the sky.', limits: 'Small objects.' },
  network: { file: 'network.onnx', sha256: 'f00d', bytes: 8_776_701, parameters: 4_378_791 },
  head: { bias: [0, 0, 0, 0] },
  input: { size: 320 },
  calibration: {
    temperature: 1,
    coverage: 0.95,
    thresholds: { galaxy: 0.2, nebula: 0.2, star_cluster: 0.2, other: 0.2 },
    images: { validation: 654, cross_validated: 3253 },
  },
  novelty: { file: 'novelty.npz', threshold: 0.97 },
  data: { splits: {}, sources: [] },
  metrics: {},
});

/** Returns metrics on the test images; `changes` overrides individual fields. */
export const createMetrics = (changes: Partial<Metrics> = {}): Metrics => {
  const scores = { accuracy: estimate(0.951), macro_f1: estimate(0.94) };
  const proportion = { ...estimate(0.9), images: 100, count: 90 };
  return {
    ...scores,
    images: 643,
    fields: 347,
    fair: scores,
    accuracy_by_field: 0.95,
    per_class: {},
    confusion: [],
    expected_calibration_error: 0.02,
    calibration_error_by_chance: estimate(0.02),
    reliability: [],
    coverage: { overall: proportion, per_class: {} },
    mean_set_size: 1.1,
    unfamiliar: { deep_sky: proportion, other: proportion },
    by_kind: {},
    by_source: {},
    by_size: {},
    by_quality: {},
    ...changes,
  };
};
