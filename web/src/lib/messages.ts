import type { Label, Verdict } from '@/lib/api-client';

/** Every text of the page, so that another language needs one more module like this. */
export const messages = {
  brand: 'deepsky',
  title: 'What is in your sky picture?',
  lead: 'A galaxy, a nebula, a star cluster, or something else? See the answer, how sure it is, and where in the picture it comes from.',

  drop: {
    action: 'Choose a picture',
    hint: 'or drop it anywhere on this page, or paste it',
    formats: 'JPEG, PNG, TIFF, WebP, GIF, BMP or FITS',
    release: 'Let go to classify it',
    onlyOne: 'One picture at a time, please.',
  },
  samples: {
    title: 'Or try one of these',
    creditsTitle: 'Picture credits',
    credit: (title: string, credit: string, licence: string) => `${title}: ${credit} (${licence})`,
  },

  busy: { title: 'Looking at it …', cancel: 'Cancel' },
  another: 'Another picture',
  retry: 'Try again',
  result: 'Answer',
  pictureAlt: (name: string) => `The picture ${name}`,
  noPreview: 'There is no picture to show.',
  previewLater: 'This picture is shown as soon as it is read.',

  labels: {
    galaxy: 'Galaxy',
    nebula: 'Nebula',
    star_cluster: 'Star cluster',
    other: 'Something else',
  } satisfies Record<Label, string>,
  nouns: {
    galaxy: 'a galaxy',
    nebula: 'a nebula',
    star_cluster: 'a star cluster',
    other: 'something else',
  } satisfies Record<Label, string>,
  alone: {
    galaxy: 'A galaxy',
    nebula: 'A nebula',
    star_cluster: 'A star cluster',
    other: 'Not a deep-sky object',
  } satisfies Record<Label, string>,

  verdicts: {
    confident: 'Confident',
    unsure: 'Unsure',
    unfamiliar: 'Unfamiliar',
  } satisfies Record<Verdict, string>,
  certainty: {
    almostCertain: 'almost certain',
    verySure: 'very sure',
    sure: 'sure',
    fairlySure: 'fairly sure',
    hardToTell: 'hard to tell',
  },
  perhaps: (noun: string) => `Perhaps ${noun}`,
  explained: {
    confident: 'Every other class is unlikely.',
    unsureOfTwo: 'The model cannot decide between the two.',
    unsure: (others: string) => `It could also be ${others}: the model cannot decide.`,
    unsureOfAny:
      'The model doubts this picture more than it doubts nearly all pictures of any class.',
    nebulaWithCluster: 'Many nebulae hold a star cluster, so both can be right.',
    unfamiliar:
      'This picture is unlike those that the model learned from, so do not rely on the answer: it may be something that it has never seen.',
  },
  probabilities: 'How probable each answer is',

  evidence: {
    show: 'Show where it looked',
    explained: 'The stronger the colour, the more that part of the picture speaks for the class.',
    alt: (label: string) => `Where the picture speaks for: ${label}`,
    label: 'Class whose evidence is shown',
    strength: 'Strength',
    opacity: 'Strength of the overlay',
  },

  details: {
    title: 'Details',
    model: 'Model',
    possible: 'Possible classes',
    nonePossible: 'none for sure',
    novelty: 'Novelty',
    noveltyValue: (value: string) => `${value} (0: familiar, 1: unlike any deep-sky picture it learned from)`,
    size: 'Size',
    sizeValue: (width: string, height: string) => `${width} × ${height} pixels`,
    format: 'Format',
    stretch: 'Stretch',
    noStretch: 'none needed',
    time: 'Time',
    timeValue: (decode: string, infer: string) => `${decode} ms to read, ${infer} ms to classify`,
    imageHash: 'SHA-256 of the picture',
    modelHash: 'SHA-256 of the network',
    exact: 'Exact probabilities',
  },

  accuracy: (model: string, pictures: string, accuracy: string, low: string, high: string) =>
    `${model} was right on ${accuracy} of ${pictures} test pictures that it had never seen (95% interval ${low} to ${high}).`,
  privacy: 'Your picture goes to this deepsky server only, which forgets it when it stops.',
  apiDocs: 'API',

  errors: {
    title: 'That did not work',
    unreachable:
      'The deepsky server does not answer. See that it is running, and that you are connected to it, then try again.',
    unexpected:
      'The server gave an answer that this page does not understand. Try again; if it stays so, look at the server’s own messages.',
  },
};
