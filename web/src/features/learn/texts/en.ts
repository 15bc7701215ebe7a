/** The texts of the pages to learn from, in English. */
export const en = {
  title: 'Learn',
  lead: 'What there is to see in the sky, how a network tells it apart, and how far to trust it. Each page takes about five minutes.',
  topics: 'Pages to learn from',
  more: 'Read on',

  objects: {
    title: 'Galaxies, nebulae and star clusters',
    lead: 'Beyond the planets, telescopes show three kinds of faint patches. Here is what they are, and how to tell them apart by eye.',
    look: 'Look for',
    kinds: {
      galaxy: {
        title: 'Galaxies',
        what: 'A galaxy is a city of stars: billions of them, with gas and dust, held together by gravity. Our Sun is one star of the Milky Way. Other galaxies are so far away that their stars blur into a soft glow.',
        look: [
          'a bright heart, from which the glow fades outwards',
          'spiral arms, or a smooth oval without any',
          'a disc, seen from above, at a slant, or edge-on as a streak',
        ],
      },
      nebula: {
        title: 'Nebulae',
        what: 'A nebula is a cloud of gas and dust between the stars. Some glow because hot stars light them up, some only reflect starlight, some are dark and hide what is behind them. A planetary nebula is a shell that an old star has shed; it has nothing to do with planets.',
        look: [
          'wisps, threads and bubbles, with ragged edges',
          'in colour: often red from hydrogen, or blue-green from oxygen',
          'a ring or shell with a star in the middle: a planetary nebula',
        ],
      },
      star_cluster: {
        title: 'Star clusters',
        what: 'A star cluster is a family: its stars were born together from one cloud. Open clusters are loose groups of dozens to thousands of mostly young stars. Globular clusters are balls of hundreds of thousands of very old ones.',
        look: [
          'many separate points of light, closer together than around them',
          'a dense ball that dissolves into grains at its edge: a globular cluster',
          'a loose handful of bright stars: an open cluster',
        ],
      },
      other: {
        title: 'Everything else',
        what: 'Planets, the Moon, comets, star trails, landscapes, cats. The networks have learned such images too, or they would have to call each of them a galaxy, a nebula or a cluster.',
        look: ['a sharp edge, as of the Moon', 'trails, a horizon, a person', 'stars alone, with nothing among them'],
      },
    },
    apart: {
      title: 'Three questions that help',
      questions: [
        ['Is it made of grains or of glow?', 'Grains speak for a star cluster, glow for a galaxy or a nebula.'],
        ['Does it have a bright heart?', 'Glow that fades evenly from a heart speaks for a galaxy, ragged glow for a nebula.'],
        ['Does anything belong together at all?', 'Stars that are spread evenly are just a piece of sky.'],
      ] as [question: string, answer: string][],
    },
    hard: {
      title: 'Where even experts look twice',
      cases: [
        'Many nebulae hold the young cluster that was born from them. Then both answers are right.',
        'A globular cluster that is too far away to see its grains looks like an elliptical galaxy.',
        'A small planetary nebula looks like a star that is out of focus.',
      ],
    },
    try: 'Now you: say what your own images show',
  },

  networks: {
    title: 'How the networks decide',
    lead: 'There is no list of rules inside. A network has seen thousands of images and found out by itself what to look for.',
    steps: {
      title: 'From image to answer',
      size: (pixels: string) => `The image is scaled to about ${pixels} pixels a side: that much the network sees.`,
      sizeUnknown: 'The image is scaled down: that much the network sees.',
      patterns: 'Layer by layer the network looks for patterns: first edges and dots, then textures, then grains, arms and wisps.',
      map: 'At every place of a coarse grid it notes how much that place speaks for each class. These notes are the evidence maps.',
      score: 'The score of a class is the mean of its map, plus a constant that is the same for every image. So the map shows all that counted.',
      probabilities: 'The four scores become four probabilities that add up to 100%.',
    },
    see: {
      title: 'See it at work',
      explained: 'This sample is sent to the network as any image of yours would be, and its answer is kept in your history.',
      ask: 'Ask the network',
      again: 'Switch from class to class: the colour shows which places speak for it. Does the network look at what you look at?',
    },
    learned: {
      title: 'How it learned',
      body: (images: string, parameters: string) =>
        `People had said of ${images} images what they show. The network guessed, was told the right class, and had each of its numbers – there are ${parameters} – moved a tiny bit, so that the right class became more probable. That was done over and over. It did not start from nothing: it had learned from everyday images before what edges and textures are.`,
      unknown:
        'People had said of many images what they show. The network guessed, was told the right class, and had each of its numbers moved a tiny bit, so that the right class became more probable. That was done over and over.',
    },
    not: {
      title: 'What it does not know',
      body: 'It knows no names, no distances and no positions in the sky. It only knows what images of each class tend to look like. It names what fills the image, and finds no second object.',
    },
  },

  figures: {
    title: 'What the figures mean',
    lead: 'A single figure hides a lot. Here is what each of them tells, with the true values of a model that is installed here.',
    model: (title: string) => `The examples are those of ${title}.`,
    accuracy: {
      title: 'Accuracy',
      body: 'How often the answer is right, on images that the model has never seen. Images of an object that it learned from do not count, for it might simply remember.',
      example: (value: string, images: string, fields: string) =>
        `${value} of ${images} test images of ${fields} fields of sky were answered rightly.`,
    },
    interval: {
      title: 'Interval',
      body: 'With other test images, the figure would be a little different. The interval tells how different: in 95 of 100 such trials it holds the true value. If the intervals of two models overlap a lot, there is no telling which is better.',
      example: (value: string, low: string, high: string) =>
        `The accuracy is ${value}; the interval reaches from ${low} to ${high}.`,
    },
    precision: {
      title: 'Precision and recall',
      body: 'Two ways to be right about a class. Precision: of all images called a star cluster, how many are one? Recall: of all star clusters, how many were found? Who calls everything a star cluster has full recall and poor precision. F1 is high only where both are.',
      example: (label: string, precision: string, recall: string) =>
        `${label}: precision ${precision}, recall ${recall}.`,
    },
    calibration: {
      title: 'Calibration',
      body: 'A forecast of 80% rain is good if it rains on eight of ten such days. Likewise here: of all answers given with 80%, about eight in ten should be right. The calibration error tells how far off that is on average.',
      example: (error: string) => `Its probabilities are off by ${error} percentage points on average.`,
    },
    set: {
      title: 'Possible classes',
      body: 'Besides its first choice, the model names every class that it cannot rule out. If that is one class, it is called confident; if there are several, or none at all, unsure. The list is made so that for each class the right one is in it for about 95 of 100 images.',
      example: (value: string, size: string) =>
        `The right class was in the list for ${value} of the test images; the list held ${size} classes on average.`,
    },
    novelty: {
      title: 'Novelty',
      body: 'A network has an answer for everything, even for a cat. So it is also measured how unlike an image is to those it learned from: 0 is familiar, 1 unlike any. Above a threshold the verdict is “unfamiliar”, and the answer is not to be relied on.',
      example: (kept: string, refused: string) =>
        `${kept} of deep-sky test images passed as familiar. Of images of kinds it never learned from, ${refused} were taken for unfamiliar or for something else.`,
    },
    see: 'See these figures for every model',
  },

  data: {
    title: 'The data and its limits',
    lead: 'A network is only as good as what it learned from. So here is what that was, and where it goes wrong.',
    counts: {
      title: 'How many images',
      explained: 'Images of the same field of sky are all in one part, so that the test asks for objects that were never seen.',
      part: 'Part',
      all: 'All',
      objects: 'Fields of sky',
      parts: {
        train: 'To learn from',
        validation: 'To choose settings by',
        test: 'To test on',
        out_of_distribution: 'Of kinds never learned',
      } as Partial<Record<string, string>>,
    },
    limits: {
      title: 'Where it fails',
      explained: (title: string) => `The card of ${title} says:`,
    },
    kinds: {
      title: 'What is hardest',
      explained: (least: string) =>
        `The kinds of test images with the fewest right answers, of those with at least ${least} images.`,
      kind: 'Kind',
      right: 'Right',
      images: 'Images',
    },
    biased: {
      title: 'What that means',
      points: [
        'Most images are well-known showpieces. Faint, small or odd objects are rare among them.',
        'Most were taken and processed by experts. A first image of your own may look quite different.',
        'People chose the classes, and people err. Some images show two classes at once.',
      ],
    },
    sources: {
      title: 'Where the images come from',
      explained: (sources: string) =>
        `From ${sources} public collections. The images belong to those who took them and do not come with deepsky; the terms are those that the sources state.`,
      show: 'Show all sources',
      source: 'Source',
      licence: 'Terms',
      images: 'Images',
    },
  },
};

export type LearnTexts = typeof en;
