import type { Label, Verdict } from '@/lib/api-client';

/** Every text of the page, in English. */
export const en = {
  brand: 'deepsky',
  title: 'What is in your sky image?',
  windowTitle: (title: string) => `deepsky: ${title}`,
  lead: 'A galaxy, a nebula, a star cluster, or something else? See the answer, how sure it is, and where in the image it comes from.',

  drop: {
    action: 'Choose images',
    folder: 'Choose a folder',
    photo: 'Take a photo',
    hint: 'or drop them anywhere on this page, or paste them: one or many',
    formats: 'JPEG, PNG, TIFF, WebP, GIF, BMP, FITS or XISF',
    release: 'Let go to classify',
    leftOut: (count: number, names: string) =>
      count === 1
        ? `One file was left out, since its name is not that of an image that deepsky reads: ${names}. If it is an image, save it as JPEG, TIFF or FITS.`
        : `${count} files were left out, since their names are not those of images that deepsky reads: ${names}. If they are images, save them as JPEG, TIFF or FITS.`,
    more: (count: number) => `${count} more`,
  },
  samples: {
    title: 'Or try one of these',
    /** By file; all others have the title that comes with them, in English. */
    titles: {} as Partial<Record<string, string>>,
    creditsTitle: 'Image credits',
    credit: (title: string, credit: string, licence: string) => `${title}: ${credit} (${licence})`,
  },

  busy: {
    title: 'Looking at it …',
    waiting: 'Waiting for its turn …',
    sent: (share: string) => `${share} sent`,
    held: 'The server is busy: it goes on by itself in a moment.',
    cancel: 'Cancel',
  },
  images: {
    title: 'Your images',
    asked: (count: number) => `${count} images are looked at.`,
    done: (done: number, count: number) => `${done} of ${count} done`,
    answered: (count: number, what: string) => `${count} images: ${what}.`,
    labels: {
      galaxy: (count: number) => (count === 1 ? '1 galaxy' : `${count} galaxies`),
      nebula: (count: number) => (count === 1 ? '1 nebula' : `${count} nebulae`),
      star_cluster: (count: number) => (count === 1 ? '1 star cluster' : `${count} star clusters`),
      other: (count: number) => `${count} of something else`,
    } satisfies Record<Label, (count: number) => string>,
    agree: (count: number) => `the models agree on ${count}`,
    differ: (count: number) => `they differ on ${count}`,
    onlyDiffer: (count: number) => `the models differ on ${count}`,
    unread: (count: number) => `${count} could not be read`,
    unsent: (count: number) => `${count} could not be sent`,
    hint: 'Open an image to see why, and to say whether the answer is right.',
    modelsDiffer: 'The models differ',
    failed: 'No answer',
    add: 'Add images',
    retry: 'Try again',
    stop: 'Cancel the rest',
    clear: 'Start over',
    remove: (name: string) => `Take ${name} off the list`,
    back: 'All images',
    place: (place: number, count: number) => `${place} of ${count}`,
    previous: 'Back',
    next: 'Next',
  },
  another: 'Another image',
  retry: 'Try again',
  result: 'Answer',
  imageAlt: (name: string) => `The image ${name}`,
  noPreview: 'There is no image to show.',
  imageFailed: 'This image could not be loaded.',
  previewLater: 'This image is shown as soon as it is read.',

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
      'The model doubts this image more than it doubts nearly all images of any class.',
    nebulaWithCluster: 'Many nebulae hold a star cluster, so both can be right.',
    unfamiliar:
      'This image is unlike those that the model learned from, so do not rely on the answer: it may be something that it has never seen.',
  },
  probabilities: 'How probable each answer is',

  evidence: {
    show: 'Show where it looked',
    explained: 'The stronger the colour, the more that part of the image speaks for the class.',
    failed: 'The overlay could not be loaded.',
    alt: (label: string) => `Where the image speaks for: ${label}`,
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
    noveltyValue: (value: string) => `${value} (0: familiar, 1: unlike any deep-sky image it learned from)`,
    size: 'Size',
    sizeValue: (width: string, height: string) => `${width} × ${height} pixels`,
    format: 'Format',
    stretch: 'Stretch',
    noStretch: 'none needed',
    time: 'Time',
    timeValue: (decode: string, infer: string) => `${decode} ms to read, ${infer} ms to classify`,
    imageHash: 'SHA-256 of the image',
    modelHash: 'SHA-256 of the network',
    exact: 'Exact probabilities',
  },

  models: {
    choice: 'Who answers',
    which: 'Which one is best?',
    only: (model: string) => `Answered by the model ${model}.`,
    all: 'Compare all',
  },
  compare: {
    title: 'What each model says',
    agree: (count: number, label: string) => `All ${count} models say “${label}”.`,
    differ: (groups: string[]) => `The models differ. ${groups.join('; ')}.`,
    says: (models: string, count: number, label: string) =>
      `${models} ${count === 1 ? 'says' : 'say'} “${label}”`,
    apart: 'Differs',
    shown: (model: string) => `Here is the answer of ${model}:`,
    show: 'Show in full',
    isShown: 'Shown above',
    showOf: (model: string) => `Show the answer of ${model} in full`,
  },

  feedback: {
    title: 'What do you say?',
    question: 'Is this right?',
    keys: 'Or press 1 to 4 for what you see: 1 galaxy, 2 nebula, 3 star cluster, 4 something else.',
    right: 'Yes',
    wrong: 'No',
    which: 'What is it?',
    undo: 'Undo',
    saving: 'Saving …',
    saidRight: 'Thank you! You said: this is right.',
    saidWrong: 'Thank you!',
    saidLabel: (noun: string) => `Thank you! You said: this is ${noun}.`,
    failed: (why: string) => `This was not saved. ${why}`,
    use: 'What people say here, all together, shows how far each model can be trusted and what the next one has to learn.',
    comment: {
      add: 'Add a comment',
      change: 'Change',
      label: 'Your comment',
      yours: (comment: string) => `Your comment: ${comment}`,
      save: 'Save the comment',
      cancel: 'Cancel',
    },
  },

  history: {
    title: 'Your answers',
    lead: 'All that was answered in this browser. Nobody else sees it.',
    one: 'An answer',
    back: '← All your answers',
    by: (model: string, date: string) => `${model}, ${date}`,
    count: (shown: number, more: boolean) => {
      if (shown === 0) return 'No answers';
      return `${shown} ${shown === 1 ? 'answer' : 'answers'}${more ? ', and there are more' : ''}`;
    },
    more: 'Show more',
    nothing: 'There is nothing here yet. Have an image classified, and its answer is kept here.',
    start: 'Classify an image',
    nothingLike: 'None of your answers is like that.',
    showAll: 'Show all answers',
    said: {
      nothing: 'Not judged yet',
      right: '✓ You said: right',
      wrong: '✗ You said: wrong',
      label: (noun: string) => `✗ You said: ${noun}`,
    },
    filter: {
      title: 'Which answers',
      sort: 'Order',
      sorts: { newest: 'Newest first', oldest: 'Oldest first', most_uncertain: 'Most doubtful first' },
      any: 'All',
      label: 'Answer',
      verdict: 'Certainty',
      model: 'Model',
      feedback: 'Your word',
      feedbacks: { correct: 'Right', incorrect: 'Wrong', none: 'Not judged yet' },
    },
    download: { csv: 'Save as CSV', json: 'Save as JSON' },
    remove: {
      action: 'Delete',
      question: 'Delete this answer?',
      explained:
        'The answer and what you said of it are deleted for good, and the image with its last answer.',
      confirm: 'Delete for good',
      keep: 'Keep it',
    },
  },

  review: {
    title: 'Judge the doubtful ones',
    lead: 'Your answers that still wait for your word, the most doubtful first: there it helps most.',
    question: 'What does the image show?',
    says: (model: string, answer: string) => `${model}: ${answer}`,
    place: (place: number, of: number, more: boolean, judged: number) =>
      `${place} of ${of}${more ? ' and more' : ''}${judged > 0 ? `, ${judged} judged` : ''}`,
    judged: (judged: number) => `${judged} judged`,
    back: 'Back',
    skip: 'Next',
    undo: 'Undo',
    help: 'Keys',
    helpTitle: 'What the keys do',
    keys: {
      label: (noun: string) => `The image shows ${noun}`,
      skip: 'On to the next image, without a word on this one',
      back: 'Back to the image before',
      undo: 'Take back what was said last',
      help: 'Show this list',
      close: 'Close this list',
    },
    nothing: 'Nothing waits for you: there are no answers here that you have not judged.',
    done: (judged: number) =>
      judged === 0
        ? 'That was the last one. Go back, or come again later.'
        : `That was the last one, thank you: you judged ${judged}.`,
    classify: 'Classify an image',
    history: 'See all your answers',
    failed: (name: string, why: string) => `Your word on ${name} was not saved. ${why}`,
  },

  performance: {
    title: 'How far can they be trusted?',
    lead: 'Each model was tried on images that it had never seen. Here is how often it was right, how sure that figure is, and where it errs.',
    sideBySide: 'The models side by side',
    intervals: 'In brackets: with 95% certainty the true figure lies in this range.',
    model: 'Model',
    version: (version: string) => `Version ${version}`,
    accuracy: 'Right answers',
    macroF1: 'All classes alike (macro-F1)',
    agreement: 'People here agree',
    speed: 'Time here',
    speedOf: (infer: string) => `${infer} an image`,
    speedFrom: (answers: string, decode: string) =>
      `median of ${answers} measured; reading an image: ${decode}`,
    notMeasured: 'not measured yet',
    size: 'Size',
    sizeOf: (bytes: string, parameters: string) => `${bytes}, ${parameters} parameters`,
    best: {
      title: 'Which one to take?',
      most: (model: string) => `Over all classes alike, ${model} did best.`,
      behind: (models: string, count: number) =>
        `${models} ${count === 1 ? 'is' : 'are'} further behind than chance explains.`,
      even: (models: string, count: number) =>
        `The ${count === 1 ? 'range' : 'ranges'} of ${models} ${count === 1 ? 'overlaps' : 'overlap'} with its own, so the difference may be chance.`,
      fastest: (model: string) => `${model} answers fastest here.`,
    },
    interval: (value: string, low: string, high: string) => `${value} (${low} to ${high})`,
    range: (low: string, high: string) => `${low} to ${high}`,
    unknown: 'not known',
    nobody: 'nobody has said yet',
    people: (correct: string, all: string) => `${correct} of ${all} answers`,
    inFull: (model: string) => `${model} in full`,
    allInFull: 'All models in full, side by side',
    all: 'All, side by side',
    choose: 'Model to look at',
    members: (models: string) => `This model asks ${models} and weighs what they say.`,
    limits: 'Where it errs most:',
    confusion: {
      title: 'What is taken for what',
      explained: (images: string) =>
        `${images} test images: each row is what they show, each column what the model said. On the diagonal it was right.`,
      corner: 'Shows',
      cell: (truth: string, answer: string, images: string) =>
        `${truth}, answered: ${answer}: ${images}`,
      choose: 'Choose a figure to read what it says.',
      of: {
        galaxy: 'galaxies',
        nebula: 'nebulae',
        star_cluster: 'star clusters',
        other: 'something else',
      } satisfies Record<Label, string>,
      takenFor: {
        galaxy: 'galaxies',
        nebula: 'nebulae',
        star_cluster: 'star clusters',
        other: 'something else',
      } satisfies Record<Label, string>,
      right: (images: string, all: string, of: string, share: string) =>
        `${images} of ${all} images of ${of}, ${share}, were recognised.`,
      wrong: (images: string, all: string, of: string, share: string, takenFor: string) =>
        `${images} of ${all} images of ${of}, ${share}, were taken for ${takenFor}.`,
      interval: (low: string, high: string) =>
        `With 95% certainty the true share lies between ${low} and ${high}.`,
    },
    reliability: {
      title: 'Does “90% sure” mean 90% right?',
      explained:
        'Each dot is a group of test images: the larger, the more images. On the dashed line the model is exactly as often right as it says; the upright lines show how far chance may move a dot.',
      described: 'How often the model was right, against how sure it was',
      sureness: 'How sure the model was',
      right: 'How often it was right',
      group: (sure: string, right: string, images: string) =>
        `${sure} sure, ${right} right, of ${images} images`,
    },
    training: {
      title: 'How it learned',
      explained:
        'One step to the right is one pass over all images that the model learns from. First only its last layers learn, then all of it.',
      described: 'Share of right answers after each pass over the images',
      epoch: 'Pass',
      accuracy: 'Right answers',
      validation: 'On images kept back',
      learned: 'On the images it learns from, altered at random',
      stages: 'From here on all of it learns',
    },
    perClass: {
      title: 'Class by class',
      of: (model: string) => `Class by class: ${model}`,
      explained:
        'Precision: of the images given this answer, how many are right. Recall: of the images that show this class, how many were found. F1: both in one figure. Below each stands how far chance may move it.',
      label: 'Class',
      precision: 'Precision',
      recall: 'Recall',
      f1: 'F1',
    },
  },

  accuracy: (model: string, images: string, accuracy: string, low: string, high: string) =>
    `${model} was right on ${accuracy} of ${images} test images that it had never seen (95% interval ${low} to ${high}).`,
  privacy: 'Your image goes to this deepsky server only. It stays there, for you alone, until you delete it under “History”.',
  apiDocs: 'API',
  nav: {
    title: 'Pages',
    classify: 'Classify',
    history: 'History',
    review: 'Review',
    models: 'Models',
    learn: 'Learn',
  },
  settings: {
    title: 'Settings',
    theme: 'Appearance',
    themes: { auto: 'As this device', light: 'Light', dark: 'Dark', red: 'Red' },
    red: '“Red” lights red alone, for eyes that are used to the dark.',
    language: 'Language',
    languageExplained:
      'Choosing another loads the page again: the images under “Classify” are gone then, their answers stay under “History”.',
    shortcuts: 'Single keys do something',
    shortcutsExplained: 'Such as Y, N, and 1 to 4. Turn this off if you control this device by voice.',
  },
  key: {
    title: 'This server asks for an API key',
    lead: 'Whoever runs it hands out the keys. With yours, everything here works as usual.',
    label: 'API key',
    placeholder: 'dsk_…',
    use: 'Use this key',
    kept: 'The key stays in this browser until you remove it under “Settings”. It goes to this server only.',
    inUse: 'This browser uses an API key: it shows the answers that were given to that key.',
    remove: 'Remove the key',
  },
  learn: {
    verdict: 'What does that mean?',
    evidence: 'How the networks decide',
    figures: 'What these figures mean',
    data: 'What the models learned from, and where they fail',
  },
  loading: 'One moment …',
  notFound: {
    title: 'There is no such page',
    lead: 'Perhaps the address is not complete.',
    back: 'To the first page',
  },
  broken: {
    title: 'This page could not be shown',
    lead: 'See that the server is running and that you are connected to it, then load the page again.',
    reload: 'Load again',
    stillAway: 'The server does not answer yet.',
  },

  errors: {
    title: 'That did not work',
    unreachable:
      'The deepsky server does not answer. See that it is running, and that you are connected to it, then try again.',
    unexpected:
      'The server gave an answer that this page does not understand. Try again; if it stays so, look at the server’s own messages.',
    /** The page's own words for some codes of the server; for all others the server's are shown. */
    fileGone:
      'This file cannot be read any more: it was moved, renamed or changed since you chose it. Choose it again.',
    byCode: {
      key_required: 'This server asks for an API key. Enter yours under “Settings”.',
      invalid_key:
        'The server does not know this API key, or no longer. Ask whoever runs it for another.',
      file_too_large: 'The file is larger than this server allows. Scale the image down.',
    } as Partial<Record<string, string>>,
  },
};

export type Messages = typeof en;
