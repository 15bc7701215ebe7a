import type { IdentifiedObject, Kind, OtherKind, SkyError, Verdict } from '@/lib/api-client';
import type { ShippedLabel } from '@/lib/labels';

type FoundBy = IdentifiedObject['found_by'];

/** Names after persons, such as Bode's Galaxy, have no article, but the Cat's Eye Nebula has one. */
const PERSON = /^(?!Cat|Croc|Elephant|Robin)\S+['’]s /;
const DESCRIPTION =
  /(Galaxy|Galaxies|Nebula|Cluster|Cloud|Region|Triplet|Pleiades|Hyades|Antennae|Coathanger)$/;

/** The user-interface messages in English. */
export const en = {
  brand: 'deepsky',
  title: 'What is in your sky image?',
  windowTitle: (title: string) => `deepsky: ${title}`,
  lead: 'Is it a galaxy, a nebula, a star cluster, or not a deep-sky object? See the answer, how certain it is, and which parts of the image it is based on.',

  drop: {
    action: 'Choose images',
    folder: 'Choose a folder',
    photo: 'Take a photo',
    hint: 'or drop or paste images anywhere on this page',
    formats: 'FITS, XISF, camera raw, TIFF, JPEG, PNG, HEIC and more',
    release: 'Drop to classify',
    skipped: (count: number, names: string) =>
      count === 1
        ? `1 file was skipped because it is not an image in a supported format: ${names}.`
        : `${count} files were skipped because they are not images in a supported format: ${names}.`,
    more: (count: number) => `${count} more`,
  },
  upload: {
    originals: 'Send originals',
    originalsExplained: (pixels: string) =>
      `If this is off, large photos are scaled down to ${pixels} pixels before they are sent, which is faster. FITS, camera raw and 16-bit images are always sent as they are.`,
    scaled: (name: string, sent: string, original: string) =>
      `${name}: scaled down from ${original} to ${sent} before it was sent`,
    tooLarge: (name: string, size: string, limit: string) =>
      `${name} has ${size}, but this server accepts at most ${limit} per image, so it was not sent. Scale the image down or compress the file.`,
    tooLargeOriginal: (name: string, size: string, limit: string) =>
      `${name} has ${size}, but this server accepts at most ${limit} per image, so it was not sent. Turn off “Send originals” and choose the image again; it is then scaled down.`,
  },
  samples: {
    title: 'Or try a sample image',
    name: (number: number) => `Sample image ${number}`,
    trained:
      'The shipped models were trained on an image of this object, so the answer says little about how good they are.',
    creditsTitle: 'Image credits',
    credit: (title: string, credit: string, licence: string) => `${title}: ${credit} (${licence})`,
  },

  progress: {
    classifying: 'Classifying …',
    waiting: 'Waiting …',
    uploaded: (percentage: string) => `${percentage} uploaded`,
    paused: 'The server is busy. Classification resumes automatically.',
    cancel: 'Cancel',
  },
  images: {
    title: 'Your images',
    started: (count: number) => `Classifying ${count} images.`,
    done: (done: number, count: number) => `${done} of ${count} done`,
    summary: (count: number, parts: string) => `${count} images: ${parts}.`,
    labels: {
      galaxy: (count: number) => (count === 1 ? '1 galaxy' : `${count} galaxies`),
      nebula: (count: number) => (count === 1 ? '1 nebula' : `${count} nebulae`),
      star_cluster: (count: number) => (count === 1 ? '1 star cluster' : `${count} star clusters`),
      other: (count: number) => `${count} without a deep-sky object`,
    } satisfies Record<ShippedLabel, (count: number) => string>,
    agree: (count: number) => `the models agree on ${count}`,
    differ: (count: number) => `they differ on ${count}`,
    onlyDiffer: (count: number) => `the models differ on ${count}`,
    unreadable: (count: number) => `${count} could not be read`,
    notSent: (count: number) => `${count} could not be sent`,
    hint: 'Open an image to see the evidence and give feedback.',
    modelsDiffer: 'Models differ',
    failed: 'No answer',
    added: 'In the order added',
    add: 'Add images',
    retry: 'Try again',
    cancelRest: 'Cancel the rest',
    clear: 'Clear list',
    remove: (name: string) => `Remove ${name} from the list`,
    back: 'All images',
    position: (position: number, count: number) => `${position} of ${count}`,
    previous: 'Previous',
    next: 'Next',
  },
  another: 'Another image',
  retry: 'Try again',
  result: 'Answer',
  imageAlt: (name: string) => `Image ${name}`,
  noPreview: 'No preview available.',
  imageFailed: 'The image could not be loaded.',
  previewLater: 'A preview appears once the server has read the image.',

  labels: {
    galaxy: 'Galaxy',
    nebula: 'Nebula',
    star_cluster: 'Star cluster',
    other: 'Not a deep-sky object',
  } satisfies Record<ShippedLabel, string>,
  nouns: {
    galaxy: 'a galaxy',
    nebula: 'a nebula',
    star_cluster: 'a star cluster',
    other: 'not a deep-sky object',
  } satisfies Record<ShippedLabel, string>,

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
    undecided: 'undecided',
  },
  perhaps: (noun: string) => `Perhaps ${noun}`,
  explained: {
    confident: 'All other classes are unlikely.',
    unsureOfOne:
      'The other classes are unlikely, but the model is not certain enough: similar answers are sometimes wrong.',
    unsureOfTwo: 'The model cannot decide between these two classes.',
    unsure: (others: string) => `Not certain enough. Also possible: ${others}.`,
    unsureOfAny:
      'No class is probable enough: the model is less certain about this image than about nearly all images of known classes.',
    nebulaWithCluster: 'Many nebulae contain a star cluster, so both can be right.',
    unfamiliar:
      'This image is unlike the images the model was trained on, so do not rely on the answer. The image may show something that the model has never seen.',
  },
  probabilities: 'Probability of each class',

  object: {
    title: 'Which object',
    show: 'Objects',
    outlines: (names: string) => `Outlines of objects in the field: ${names}`,
    withArticle: (name: string) =>
      DESCRIPTION.test(name) && !PERSON.test(name) ? `the ${name}` : name,
    starNouns: { star: 'a star', 'double star': 'a double star', asterism: 'an asterism' },
    probably: (noun: string) => `Probably ${noun}`,
    explained: {
      says: {
        header: 'The file header says so',
        'file name': 'The file name says so',
        position: 'The place on the sky says so',
      } satisfies Record<FoundBy, string>,
      confident: (source: string, certainty: string, noun: string) =>
        `${source}, and the model is ${certainty} that it is ${noun}.`,
      unsure: (source: string) => `${source}. The model agrees but is not sure.`,
      unfamiliar: (source: string) =>
        `${source}. The model agrees, but the image is unlike those that it was trained on.`,
      undecided: (source: string, noun: string, probability: string) =>
        `${source}. The model alone says: ${noun} (${probability}).`,
    },
    seen: {
      galaxy: 'a galaxy',
      nebula: 'a nebula',
      star_cluster: 'a star cluster',
      other: 'no deep-sky object',
    } satisfies Record<ShippedLabel, string>,
    difference: {
      claim: {
        header: (name: string, kind: string) => `The file header says ${name} (${kind})`,
        'file name': (name: string, kind: string) => `The file name says ${name} (${kind})`,
        position: (name: string, kind: string) => `The field is around ${name} (${kind})`,
      } satisfies Record<FoundBy, (name: string, kind: string) => string>,
      named: {
        header: (name: string) => `The file header says ${name}`,
        'file name': (name: string) => `The file name says ${name}`,
        position: (name: string) => `The field is around ${name}`,
      } satisfies Record<FoundBy, (name: string) => string>,
      differs: (claim: string, seen: string, probability: string) =>
        `${claim}, but the model sees ${seen} (${probability}).`,
      fileNameDiffers: (says: string, other: string) => `${says}, but the file name says ${other}.`,
      placeDiffers: (says: string, place: string) => `${says}, but the field is around ${place}.`,
    },
    kinds: {
      'spiral galaxy': 'spiral galaxy',
      'elliptical galaxy': 'elliptical galaxy',
      'lenticular galaxy': 'lenticular galaxy',
      'irregular galaxy': 'irregular galaxy',
      galaxy: 'galaxy',
      'galaxy group': 'group of galaxies',
      'emission nebula': 'emission nebula',
      'reflection nebula': 'reflection nebula',
      'planetary nebula': 'planetary nebula',
      'dark nebula': 'dark nebula',
      'supernova remnant': 'supernova remnant',
      nebula: 'nebula',
      'open cluster': 'open cluster',
      'globular cluster': 'globular cluster',
      'star cluster': 'star cluster',
      'cluster with nebula': 'star cluster with nebula',
      star: 'star',
      'double star': 'double star',
      asterism: 'asterism',
      unknown: 'of unknown kind',
    } satisfies Record<Kind, string>,
    otherKinds: {
      'Milky Way': 'the Milky Way',
      'star field': 'a star field',
      'star trails': 'star trails',
      meteor: 'a meteor',
      'aurora or landscape': 'an aurora or a landscape',
      comet: 'a comet',
      asteroid: 'an asteroid',
      Moon: 'the Moon',
      planet: 'a planet',
      Sun: 'the Sun',
      'chart or screenshot': 'a chart or a screenshot',
      equipment: 'equipment',
      'everyday picture': 'an everyday picture',
    } satisfies Record<OtherKind, string>,
    seenKind: {
      probably: (kind: string, probability: string) =>
        `Kind: probably ${kind} (${probability}), judging by the image alone.`,
      somethingElse: (kind: string, probability: string) =>
        `Something else: probably ${kind} (${probability}).`,
      unsure: 'Kind: unsure.',
    },
    meaning: {
      'spiral galaxy': 'A flat disc of billions of stars with spiral arms, like our Milky Way.',
      'elliptical galaxy': 'A round or oval cloud of billions of old stars, with little gas.',
      'lenticular galaxy': 'A disc of billions of stars without spiral arms.',
      'irregular galaxy': 'Many millions of stars without a regular shape.',
      galaxy: 'Billions of stars, far outside our Milky Way.',
      'galaxy group': 'Several galaxies close to each other.',
      'emission nebula': 'A cloud of gas that glows because hot stars make it shine.',
      'reflection nebula': 'A cloud of dust that reflects the light of nearby stars.',
      'planetary nebula':
        'Glowing gas that a dying star has cast off. It has nothing to do with planets.',
      'dark nebula': 'A cloud of dust that hides the light behind it.',
      'supernova remnant': 'What is left of a star that exploded.',
      nebula: 'A cloud of gas or dust between the stars.',
      'open cluster': 'A group of stars that were born together, in the disc of our Milky Way.',
      'globular cluster': 'A ball of many thousands of very old stars.',
      'star cluster': 'Stars that belong together.',
      'cluster with nebula': 'Young stars with the cloud of gas from which they were born.',
    } as Partial<Record<Kind, string>>,
    distance: (number: string) => `about ${number} light-years`,
    millions: (number: string) => `${number} million`,
    discovered: {
      antiquity: 'antiquity',
      by: (year: number, name: string) => `${year} (${name})`,
      before: (year: number, name: string) => `${year} or earlier (${name})`,
    },
    facts: {
      name: 'Name',
      commonName: 'Common name',
      kind: 'Kind',
      distance: 'Distance',
      discovered: 'Known since',
      constellation: 'Constellation',
      size: 'Size',
      magnitude: 'Magnitude',
      position: 'Coordinates (J2000)',
      centre: 'Centre of the field (J2000)',
      field: 'Field',
      foundBy: 'Found by',
      placedBy: 'Place from',
    },
    foundBy: {
      header: 'its name in the file header',
      'file name': 'its name in the file name',
      position: 'its place on the sky',
    } satisfies Record<FoundBy, string>,
    placedBy: {
      header: 'coordinates in the file',
      avm: 'coordinates in the file (AVM)',
    } as Partial<Record<string, string>>,
    solvedBy: (engine: string) => `plate solving (${engine})`,
    times: (one: string, other: string) => `${one} × ${other}`,
    fieldValue: (size: string, scale: string) => `${size}, ${scale} per pixel`,
    noneFits: 'No object of the catalogue fits this field.',
    notPlaced:
      'deepsky cannot place this field yet: the file contains neither coordinates nor the name of an object.',
    place: {
      find: 'Find its place on the sky',
      searching: 'Comparing the stars with a star index. This may take half a minute …',
      failed: (reason: string) => `The search failed. ${reason}`,
      notFound: (reason: string) => `The place on the sky was not found: ${reason}.`,
      reasons: {
        'no engine installed': 'the server has no plate solver',
        'too few stars': 'the image shows too few stars',
        'no match': 'the stars match no part of the star index',
        'time limit': 'the search took too long',
        'scale contradicts the header': 'the match contradicts the scale in the file header',
        'engine failed': 'the plate solver failed',
        cancelled: 'the search was cancelled',
      } satisfies Record<SkyError, string>,
    },
    inField: (count: number) =>
      count === 1 ? '1 object in the field' : `${count} objects in the field`,
    links: 'Look it up',
    linksNote: 'Opens another website, which receives the name or the coordinates, not the image.',
    chart: {
      place: (constellation: string) => `In the constellation ${constellation}`,
      somewhere: 'Place on the sky',
      described: (place: string, ra: string, dec: string) =>
        `Map of the whole sky. ${place}: right ascension ${ra}, declination ${dec}.`,
      explained:
        'The whole sky with its bright stars and the Milky Way. North is up, east is left.',
    },
  },

  evidence: {
    why: 'Why?',
    hold: 'Hold to hide the lines',
    explained: (label: string) =>
      `Parts of the image inside the lines support “${label}”; the thicker the line, the more strongly. If there are no lines, nothing in the image does.`,
    failed: 'The evidence overlay could not be loaded.',
    alt: (label: string) => `Evidence for: ${label}`,
    label: 'Class to show evidence for',
  },

  stretch: {
    title: 'Stretch and header',
    histogram: 'Distribution of the values before the stretch',
    blackLine: 'dashed: black point',
    background: 'Brightness of the sky',
    shadows: 'Depth of the black point',
    explained:
      'This image was stretched automatically. If you change the stretch, it is classified again.',
    chosen: 'This answer is for a stretch that you chose.',
    automatic: 'Automatic stretch',
    classifying: 'Classifying with this stretch …',
    header: 'Header of the file',
    rows: (shown: string, count: string) =>
      shown === count ? `${count} lines` : `The first ${shown} of ${count} lines`,
  },
  viewer: {
    open: 'Zoom in',
    close: 'Close',
    zoomIn: 'Enlarge',
    zoomOut: 'Reduce',
    whole: 'Whole image',
    fullSize: 'Full resolution',
    layers: 'Outlines and evidence',
    loading: 'Loading …',
    failed: 'The image cannot be loaded at full resolution. This is the preview.',
  },
  saveImage: {
    button: 'Save image',
    by: (model: string) => `Classified with deepsky, model ${model}`,
    failed: (reason: string) => `The image was not saved. ${reason}`,
  },
  details: {
    title: 'Details',
    model: 'Model',
    possible: 'Possible classes',
    nonePossible: 'none',
    novelty: 'Novelty',
    noveltyValue: (value: string) =>
      `${value} (0: familiar, 1: unlike any deep-sky image in the training data)`,
    size: 'Size',
    sizeValue: (width: string, height: string) => `${width} × ${height} pixels`,
    format: 'Format',
    stretch: 'Stretch',
    noStretch: 'not needed',
    stretches: {
      mtf: 'automatic (midtones transfer function, MTF)',
      asinh: 'inverse hyperbolic sine (asinh)',
      log: 'logarithm',
      sqrt: 'square root',
      linear: 'none (linear)',
      zscale: 'linear, limits by ZScale',
      percentile: 'linear, limits by percentiles',
    } as Partial<Record<string, string>>,
    time: 'Time',
    timeValue: (decode: string, infer: string) => `${decode} ms to read, ${infer} ms to classify`,
    imageHash: 'SHA-256 of the image',
    modelHash: 'SHA-256 of the model',
    exact: 'Exact probabilities',
  },

  models: {
    choice: 'Model',
    which: 'Which model is best?',
    only: (model: string) => `Model: ${model}`,
    all: 'Compare all',
  },
  compare: {
    evidence: 'Why? Show what each answer is based on',
    title: 'Answers from all models',
    agree: (count: number, label: string) => `All ${count} models agree: ${label}.`,
    differ: (groups: string[]) => `The models differ. ${groups.join('; ')}.`,
    group: (models: string, label: string) => `${models}: ${label}`,
    outlier: 'Differs',
    shown: (model: string) => `Answer from ${model}:`,
    show: 'Show in full',
    isShown: 'Shown above',
    showOf: (model: string) => `Show the answer from ${model} in full`,
  },

  judgement: {
    two: 'Two of them',
    unknown: 'I don’t know',
    chooseTwo: 'Choose both classes that the image shows.',
    chooseSecond: (first: string) => `${first} and …? Choose the second class.`,
  },

  feedback: {
    title: 'Your feedback',
    question: 'Is this answer correct?',
    keys: 'Or press the number of the correct class: 1 galaxy, 2 nebula, 3 star cluster, 4 not a deep-sky object. B: two of them.',
    correct: 'Yes',
    incorrect: 'No',
    which: 'What does the image show?',
    undo: 'Undo',
    saving: 'Saving …',
    savedCorrect: 'Thank you! You marked the answer as correct.',
    savedUnknown: 'Thank you! You don’t know what the image shows.',
    savedIncorrect: 'Thank you!',
    savedLabel: (label: string) => `Thank you! You chose: ${label}.`,
    failed: (reason: string) => `Your feedback was not saved. ${reason}`,
    purpose:
      'Feedback from all users shows how reliable each model is and what future models need to learn.',
    comment: {
      add: 'Add a comment',
      edit: 'Edit',
      label: 'Your comment',
      yours: (comment: string) => `Your comment: ${comment}`,
      save: 'Save comment',
      cancel: 'Cancel',
    },
  },

  list: {
    show: 'Show only',
    layout: 'Layout',
    layouts: { grid: 'Grid', table: 'Table' },
    search: 'Search names',
    shown: (shown: number, total: number) => `${shown} of ${total} shown`,
    times: (first: string, last: string) =>
      first === last ? `Answered at ${first}.` : `Answered from ${first} to ${last}.`,
    columns: {
      selected: 'Selected',
      name: 'Name',
      label: 'Class',
      certainty: 'Certainty',
      model: 'Model',
      time: 'Time',
    },
    select: (name: string) => `Select ${name}`,
    selection: 'Selection',
    selected: (count: number) => `${count} selected`,
    selectAll: (count: number) => `Select all ${count}`,
    selectNone: 'Select none',
    delete: 'Delete',
    hint: 'Select several with Shift or Ctrl; the Delete key deletes them.',
    undo: {
      deleted: (count: number) => (count === 1 ? '1 answer deleted' : `${count} answers deleted`),
      explained: (seconds: number) =>
        `You can undo this for ${seconds} seconds. If you close the page, they are deleted at once.`,
      action: 'Undo',
      failed: (reason: string) =>
        `The answers could not be deleted and are in the list again. ${reason}`,
      close: 'Close',
    },
  },

  session: {
    new: 'New person',
    newExplained:
      'Ends this session, so that the next person does not see your images and answers, and starts a new one.',
    started: 'A new session has started.',
    previous: (count: number) =>
      `The last person’s ${count === 1 ? 'answer is' : `${count} answers are`} hidden but still stored. Nobody can open them again.`,
    deletePrevious: 'Delete them',
    keep: 'Keep them',
    remember: 'Remember me in this browser',
    rememberExplained:
      'If this is off, your history can no longer be opened after the browser is closed. Turn it off on machines that you share.',
    ends: 'When you close the browser, you can no longer open these answers. To keep them, turn on “Remember me in this browser” in the settings.',
  },

  history: {
    title: 'History',
    lead: 'All images classified in this browser or with your API key.',
    gone: 'There is no answer at this address',
    goneLead:
      'The answer was deleted, or it belongs to another browser or API key. Only the browser or key that sent an image can open its answer; to show it to others, share it.',
    one: 'Answer',
    back: '← Back to history',
    by: (model: string, date: string) => `${model}, ${date}`,
    count: (count: number) => {
      if (count === 0) return 'No answers';
      return count === 1 ? '1 answer' : `${count} answers`;
    },
    empty: 'No answers yet. Images that you classify appear here.',
    start: 'Classify an image',
    noMatches: 'No answers match these filters.',
    clearFilters: 'Clear filters',
    feedback: {
      none: 'No feedback yet',
      correct: '✓ Marked correct',
      correctToo: (label: string) => `✓ Marked correct, also shows: ${label}`,
      incorrect: '✗ Marked incorrect',
      unsure: 'You don’t know',
      label: (label: string) => `✗ Corrected to: ${label}`,
    },
    filter: {
      title: 'Filters',
      show: (count: number) => (count === 0 ? 'Filter and sort' : `Filter and sort (${count})`),
      sort: 'Sort by',
      sorts: {
        newest: 'Newest first',
        oldest: 'Oldest first',
        most_uncertain: 'Most uncertain first',
        most_certain: 'Most certain first',
        name: 'Name, A to Z',
        name_descending: 'Name, Z to A',
        label: 'Class',
        model: 'Model',
      },
      any: 'All',
      label: 'Class',
      verdict: 'Verdict',
      model: 'Model',
      since: 'From',
      until: 'To',
      feedback: 'Your feedback',
      feedbacks: {
        correct: 'Correct',
        incorrect: 'Incorrect',
        unsure: 'I don’t know',
        none: 'No feedback yet',
      },
    },
    download: { csv: 'Download CSV', json: 'Download JSON' },
    delete: 'Delete',
  },

  review: {
    title: 'Review uncertain answers',
    lead: 'Say what each image shows before you see the answer. The most uncertain answers come first, because your feedback helps most there.',
    question: 'What does the image show?',
    hidden: 'The answer and the file name are hidden until you have chosen.',
    last: {
      agrees: (labels: string) => `You said: ${labels}. The model agrees.`,
      differs: (labels: string) => `You said: ${labels}. The model disagrees.`,
      unknown: 'You don’t know. The model has an answer.',
      answer: (model: string, answer: string) => `${model}: ${answer}.`,
      see: 'See the answer',
    },
    position: (position: number, count: number, more: boolean, reviewed: number) =>
      `${position} of ${count}${more ? ' or more' : ''}${reviewed > 0 ? `, ${reviewed} reviewed` : ''}`,
    reviewed: (reviewed: number) => `${reviewed} reviewed`,
    previous: 'Previous',
    next: 'Next',
    undo: 'Undo',
    shortcuts: 'Shortcuts',
    shortcutsTitle: 'Keyboard shortcuts',
    keys: {
      label: (label: string) => `Choose: ${label}`,
      next: 'Next image (without giving feedback)',
      previous: 'Previous image',
      undo: 'Undo the last feedback',
      help: 'Show the keyboard shortcuts',
      close: 'Close this dialog',
    },
    empty: 'Nothing left to review. You have given feedback on all answers.',
    done: (reviewed: number) =>
      reviewed === 0
        ? 'You have reached the end of the list.'
        : `You have reached the end of the list. Thank you for reviewing ${reviewed} ${reviewed === 1 ? 'image' : 'images'}.`,
    classify: 'Classify an image',
    history: 'Show history',
    failed: (name: string, reason: string) => `Your feedback on ${name} was not saved. ${reason}`,
  },

  performance: {
    title: 'How reliable are the models?',
    lead: 'Each model was tested on images it had never seen. See how often it was right, how certain that figure is, and which mistakes it makes.',
    table: 'Model comparison',
    intervals:
      'Macro-F1 is a measure of accuracy that gives all classes the same weight. New photographers: all images by photographers of whom the models have seen no images. This is what to expect for your own images. New objects: images of objects that the models have never seen, from known sources. In parentheses: 95% confidence intervals.',
    model: 'Model',
    version: (version: string) => `Version ${version}`,
    newSources: 'Macro-F1, new photographers',
    newObjects: 'Macro-F1, new objects',
    images: (count: string) => `${count} images`,
    agreement: {
      title: 'Agreement of users',
      explained: (min: string) =>
        `How often people who reviewed images before they saw the answer came to the same class as the model. This is no measurement of accuracy: people can be wrong, and mostly uncertain answers are reviewed. Shown from ${min} judgements; in parentheses: 95% confidence interval.`,
      agreement: 'Agreement',
      judgements: 'Judgements',
      tooFew: 'too few judgements yet',
    },
    speed: 'Time on this server',
    speedOf: (infer: string) => `${infer} per image`,
    speedFrom: (answers: string, decode: string) =>
      `median of ${answers} answers; time to read an image: ${decode}`,
    notMeasured: 'not measured yet',
    size: 'Size',
    sizeOf: (bytes: string, parameters: string) => `${bytes}, ${parameters} parameters`,
    best: {
      title: 'Which model is best?',
      most: (model: string) => `${model} has the highest macro-F1.`,
      behind: (models: string, count: number) =>
        `The confidence ${count === 1 ? 'interval' : 'intervals'} of ${models} ${count === 1 ? 'is' : 'are'} entirely below that of the best model, so the difference is unlikely to be due to chance.`,
      even: (models: string, count: number) =>
        `The confidence ${count === 1 ? 'interval' : 'intervals'} of ${models} ${count === 1 ? 'overlaps' : 'overlap'} that of the best model, so the difference may be due to chance.`,
      fastest: (model: string) => `${model} is the fastest on this server.`,
    },
    interval: (value: string, low: string, high: string) => `${value} (${low} to ${high})`,
    range: (low: string, high: string) => `${low} to ${high}`,
    unknown: 'unknown',
    report: (model: string) => `Report: ${model}`,
    allReports: 'Reports of all models',
    all: 'All models',
    choose: 'Show the report for',
    members: (models: string) => `This ensemble averages the outputs of ${models}.`,
    limits: 'Known limitations:',
    confusion: {
      title: 'Confusion matrix',
      explained: (images: string) =>
        `${images} test images. Rows: what the image shows. Columns: the model’s answer. Correct answers are on the diagonal.`,
      corner: 'Image shows',
      cell: (truth: string, answer: string, images: string) =>
        `${truth} classified as ${answer}: ${images}`,
      choose: 'Select a cell for details.',
      images: {
        galaxy: 'images of galaxies',
        nebula: 'images of nebulae',
        star_cluster: 'images of star clusters',
        other: 'images without a deep-sky object',
      } satisfies Record<ShippedLabel, string>,
      correct: (count: string, all: string, images: string, percentage: string) =>
        `${count} of ${all} ${images} (${percentage}) were classified correctly.`,
      incorrect: (count: string, all: string, images: string, percentage: string, label: string) =>
        `${count} of ${all} ${images} (${percentage}) were classified as “${label}”.`,
      interval: (low: string, high: string) => `95% confidence interval: ${low} to ${high}.`,
    },
    reliability: {
      title: 'Calibration',
      explained:
        'Are 90% of the answers with a confidence of 90% correct? Each dot represents a group of test images with similar confidence; the larger the dot, the more images are in the group. On the dashed line, accuracy equals confidence. The vertical lines are 95% confidence intervals.',
      described: 'Accuracy by confidence',
      table: 'Show the numbers',
      images: 'Images',
      confidence: 'Confidence',
      accuracy: 'Accuracy',
      bin: (confidence: string, accuracy: string, images: string) =>
        `confidence ${confidence}, accuracy ${accuracy}, ${images} images`,
    },
    training: {
      title: 'Training',
      explained: 'One epoch is one pass over all training images.',
      described: 'Accuracy after each epoch',
      epoch: 'Epoch',
      accuracy: 'Accuracy',
      validation: 'Validation images',
      training: 'Training images, randomly altered',
      fineTuning: 'Start of fine-tuning',
      steps: (hasHead: boolean, frozenStages: number) => {
        const rest =
          frozenStages === 0
            ? 'the whole network'
            : `all layers except those of the first ${frozenStages} stages, which keep the weights learned from everyday images`;
        return hasHead
          ? `At first only the last layers were trained, then ${rest}.`
          : `In these epochs, ${rest} ${frozenStages === 0 ? 'was' : 'were'} trained.`;
      },
    },
    perClass: {
      title: 'Results by class',
      of: (model: string) => `Results by class: ${model}`,
      explained:
        'Precision: of the answers with this class, the proportion that are correct. Recall: of the images of this class, the proportion that were recognised. F1: a single figure that combines both. Below each value: its 95% confidence interval.',
      label: 'Class',
      precision: 'Precision',
      recall: 'Recall',
      f1: 'F1',
    },
  },

  accuracyOnNewSources: (
    model: string,
    images: string,
    accuracy: string,
    low: string,
    high: string,
  ) =>
    `${model} was right on ${accuracy} of ${images} images by photographers who are new to it (95% confidence interval ${low} to ${high}).`,
  accuracy: (model: string, images: string, accuracy: string, low: string, high: string) =>
    `${model} was right on ${accuracy} of ${images} test images that it had never seen (95% confidence interval ${low} to ${high}).`,
  privacy: {
    server: 'Your images are sent only to this deepsky server.',
    session: 'Other users cannot see them unless you share them.',
    key: 'Everybody who uses your API key can see and delete them.',
    kept: 'They are kept until you delete them under “History”.',
    deleted: (days: number) =>
      `They are deleted after ${days === 1 ? '1 day' : `${days} days`}, or earlier if you delete them under “History”.`,
  },
  apiDocs: 'API',
  nav: {
    title: 'Pages',
    skip: 'Skip to the content',
    classify: 'Classify',
    history: 'History',
    review: 'Review',
    models: 'Models',
    learn: 'Learn',
  },
  settings: {
    title: 'Settings',
    theme: 'Theme',
    themes: { auto: 'System', light: 'Light', dark: 'Dark', red: 'Red' },
    red: '“Red” uses only red light, to preserve night vision.',
    brightness: 'Brightness',
    language: 'Language',
    languageExplained:
      'Changing the language reloads the page. Images under “Classify” are removed; their answers remain available under “History”.',
    shortcuts: 'Keyboard shortcuts',
    shortcutsExplained:
      'Single keys such as Y, N and 1 to 4. Turn them off if you use voice control.',
  },
  key: {
    title: 'API key required',
    lead: 'This server requires an API key. You can get one from its operator.',
    label: 'API key',
    placeholder: 'dsk_…',
    use: 'Use this key',
    stored:
      'The key is stored in this browser until you remove it under “Settings”. It is sent only to this server.',
    inUse: 'This browser uses an API key and shows the answers that belong to it.',
    remove: 'Remove key',
  },
  learn: {
    aboutKind: (kind: string) => `Read on: ${kind}`,
    about: {
      galaxy: 'Read on: what a galaxy is, and what looks like one',
      nebula: 'Read on: what a nebula is, and what looks like one',
      star_cluster: 'Read on: what a star cluster is, and what looks like one',
      other: 'Read on: what is not a deep-sky object',
    } satisfies Record<ShippedLabel, string>,
    verdict: 'What does this mean?',
    evidence: 'How the networks decide',
    figures: 'What the figures mean',
    data: 'Training data and limitations',
  },
  cookies: {
    blocked: 'This browser blocks cookies for this site.',
    needed:
      'deepsky needs a cookie to know which answers are yours. Without it, images are classified, but their answers cannot be opened again, and no settings are kept. Allow cookies for this site in the browser, then reload the page.',
  },
  loading: 'Loading …',
  share: {
    button: 'Share',
    title: 'Share this answer',
    explanation:
      'Creates a link. Everybody who has the link can see the image and the answer, but not the file, its name or your feedback. Nobody can change or delete anything. You can withdraw the link at any time.',
    isShared: 'Everybody who has this link can see the image and the answer.',
    create: 'Create a link',
    link: 'Link',
    copy: 'Copy',
    copied: 'Copied',
    withdraw: 'Withdraw the link',
    close: 'Close',
    page: 'A shared answer',
    pageLead: 'Somebody classified this image with deepsky and shared the answer with you.',
    gone: 'Nothing is shared at this address',
    goneLead:
      'The link was withdrawn, the answer was deleted, or the address is incomplete. Ask the person who sent it for another link.',
  },
  notFound: {
    title: 'Page not found',
    lead: 'There is no page at this address.',
    back: 'Go to the home page',
  },
  broken: {
    title: 'This page could not be loaded',
    lead: 'Check that the server is running and that you are connected to it, then reload the page.',
    reload: 'Reload',
    stillUnreachable: 'The server does not respond yet.',
  },

  errors: {
    title: 'Something went wrong',
    unreachable:
      'The deepsky server does not respond. Check that it is running and that you are connected to it, then try again.',
    unexpected:
      'The server sent an unexpected response. Try again; if the problem persists, check the server log.',
    fileGone:
      'This file can no longer be read: it was moved, renamed or changed after you chose it. Choose it again.',
    /**
     * Messages by error code, or functions that return a message with the server's message. For all
     * other error codes, the server's message is shown.
     */
    byCode: {
      key_required: 'This server requires an API key. Enter yours under “Settings”.',
      invalid_key:
        'This API key is unknown or was revoked. Ask the operator of the server for another one.',
      file_too_large: 'The file is larger than this server allows. Scale the image down.',
    } as Partial<Record<string, string | ((detail: string) => string)>>,
  },
};

export type Messages = typeof en;
