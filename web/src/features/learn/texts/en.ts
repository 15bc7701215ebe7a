import type { Source } from '@/lib/catalogue';

/** The text of the “Learn” pages in English. */
export const en = {
  title: 'Learn',
  lead: 'What deep-sky objects are, how a network distinguishes them, and how reliable its answers are. Each page takes one to four minutes.',
  topics: 'Topics',
  more: 'Continue reading',

  objects: {
    title: 'Galaxies, nebulae and star clusters',
    lead: 'Beyond the planets, telescopes show three kinds of faint patches. This page explains what they are and how to distinguish them in images.',
    look: 'Look for',
    kinds: {
      galaxy: {
        title: 'Galaxies',
        description:
          'A galaxy is a city of stars: billions of them, with gas and dust, held together by gravity. Our Sun is one star of the Milky Way. Other galaxies are so far away that their stars blur into a soft glow.',
        look: [
          'a bright core with a glow that fades outwards',
          'spiral arms, or a smooth oval without arms',
          'a disc seen face-on or at an angle, or a streak (a disc seen edge-on)',
        ],
      },
      nebula: {
        title: 'Nebulae',
        description:
          'A nebula is a cloud of gas and dust between the stars. Some nebulae glow because hot stars light them up, some only reflect starlight, and some are dark and hide what is behind them. A planetary nebula is a shell that an old star has shed; it has nothing to do with planets.',
        look: [
          'wisps, threads and bubbles with ragged edges',
          'in colour images: red (from hydrogen) or blue-green (from oxygen)',
          'a ring or shell with a star in the middle: a planetary nebula',
        ],
      },
      star_cluster: {
        title: 'Star clusters',
        description:
          'The stars of a star cluster formed together from one cloud. Open clusters are loose groups of dozens to thousands of mostly young stars. Globular clusters are balls of hundreds of thousands of very old stars.',
        look: [
          'many separate points of light, denser than their surroundings',
          'a dense ball that dissolves into single stars at its edge: a globular cluster',
          'a loose group of bright stars: an open cluster',
        ],
      },
      other: {
        title: 'Not a deep-sky object',
        description:
          'Planets, the Moon, comets, star trails, landscapes, cats. The networks were trained on such images too; otherwise they would have to call each of them a galaxy, a nebula or a star cluster.',
        look: [
          'a sharp edge, such as that of the Moon',
          'trails, a horizon, a person',
          'evenly spread stars and nothing else',
        ],
      },
    },
    questions: {
      title: 'Three questions that help',
      list: [
        [
          'Is it made of points of light, or is it a glow?',
          'Points suggest a star cluster; a glow suggests a galaxy or a nebula.',
        ],
        [
          'Does it have a bright core?',
          'A glow that fades smoothly outwards from a core suggests a galaxy; a ragged glow suggests a nebula.',
        ],
        [
          'Does it stand out from the background?',
          'If there are only evenly spread stars, the image shows no deep-sky object.',
        ],
      ] as [question: string, answer: string][],
    },
    hard: {
      title: 'Difficult cases, even for experts',
      cases: [
        'Many nebulae contain the young cluster that formed from them. In that case, both answers are right.',
        'A globular cluster that is so far away that no single stars are visible looks like an elliptical galaxy.',
        'A small planetary nebula looks like a star that is out of focus.',
      ],
    },
    try: 'Try it: review your own images',
  },

  kinds: {
    title: 'Kinds of objects and their look-alikes',
    lead: 'From spiral galaxies to dark nebulae: what each kind is, and what it is easily mistaken for. Each section takes less than half a minute.',
    lookAlike: 'Easily mistaken for:',
    sections: {
      'spiral-galaxy': {
        title: 'Spiral galaxies',
        body: 'A flat, rotating disc of stars, gas and dust with spiral arms around a brighter bulge. In the arms, new stars form; hot young stars make them bluish. The Milky Way and M 31 are spiral galaxies.',
        lookAlike:
          'seen edge-on, a satellite trail or a scratch. A trail has the same width everywhere; a galaxy is thicker in the middle.',
      },
      'elliptical-galaxy': {
        title: 'Elliptical and lenticular galaxies',
        body: 'Elliptical galaxies are smooth, round or oval collections of mostly old stars, with little gas. Lenticular galaxies have a disc like spiral galaxies, but no arms.',
        lookAlike:
          'a globular cluster too far away to show single stars, or a bright star out of focus.',
      },
      'irregular-galaxy': {
        title: 'Irregular galaxies',
        body: 'Galaxies without a clear shape, often small and rich in gas. The Magellanic Clouds are irregular galaxies next to the Milky Way. Others have lost their shape in an encounter with a neighbour.',
        lookAlike:
          'a nebula, because of their ragged outline and pink spots, which are nebulae inside the galaxy.',
      },
      'galaxy-group': {
        title: 'Groups and clusters of galaxies',
        body: 'Galaxies that are held together by gravity: a few dozen in a group, hundreds or thousands in a cluster such as the Virgo Cluster. In one image, some are large and near, others mere specks.',
        lookAlike:
          'a star cluster. Galaxies are soft and oval; stars are points, often with spikes.',
      },
      'emission-nebula': {
        title: 'Emission nebulae',
        body: 'Clouds of gas that glow because the ultraviolet light of hot stars makes them. Hydrogen glows red, oxygen blue-green. New stars often form in them, as in the Orion Nebula (M 42).',
        lookAlike: 'a star cluster, because many contain one. Both answers can then be right.',
      },
      'reflection-nebula': {
        title: 'Reflection nebulae',
        body: 'Dust that scatters the light of nearby stars, as fog does around a street lamp. They look blue, because dust scatters blue light more strongly. The Pleiades are surrounded by one.',
        lookAlike:
          'the halo of a bright star, which comes from the optics or thin cloud. A halo is round and even; a nebula has threads.',
      },
      'planetary-nebula': {
        title: 'Planetary nebulae',
        body: 'The outer layers of a star like the Sun, which it has shed near the end of its life. The hot core that remains, on its way to becoming a white dwarf, makes the gas glow. They have nothing to do with planets: in early telescopes, they looked like small round discs. The Ring Nebula (M 57) is one.',
        lookAlike:
          'a star out of focus, or a small round galaxy. Most planetary nebulae have a sharp edge, and many are blue-green.',
      },
      'dark-nebula': {
        title: 'Dark nebulae',
        body: 'Clouds of gas and dust so dense that they hide the stars behind them. You see them only as a gap in a field of stars or as a silhouette, as the Horsehead Nebula in front of a red nebula. Inside, stars may form.',
        lookAlike: 'an empty piece of sky, or a shadow from dust on the camera.',
      },
      'supernova-remnant': {
        title: 'Supernova remnants',
        body: 'The expanding remains of a star that exploded. Thin threads and shells mark where the blast runs into the gas around it. The Crab Nebula (M 1) comes from a supernova seen in 1054, the Veil Nebula from one thousands of years earlier.',
        lookAlike: 'an emission nebula. Remnants tend to consist of fine threads on an arc.',
      },
      'open-cluster': {
        title: 'Open clusters',
        body: 'Dozens to thousands of stars that formed together from one cloud and are still near each other. Most are young; over hundreds of millions of years, they drift apart. The Pleiades (M 45) are an open cluster.',
        lookAlike: 'a rich part of the Milky Way or a chance group of stars (an asterism).',
      },
      'globular-cluster': {
        title: 'Globular clusters',
        body: 'Balls of ten thousand to more than a million stars, most of them over ten billion years old. About 150 are known around the Milky Way, such as M 13.',
        lookAlike: 'an elliptical galaxy, if the telescope does not show single stars at its edge.',
      },
      stars: {
        title: 'Stars, comets and the Milky Way',
        body: 'A single star, a double star or an asterism is no deep-sky object in the sense of these classes. A comet is part of the solar system and moves among the stars within hours. The band of the Milky Way is our own galaxy, seen from inside.',
        lookAlike:
          'a comet looks like a galaxy or a nebula; a wide image of the Milky Way looks like a nebula or a star cluster.',
      },
      'solar-system': {
        title: 'Moon, planets and the Sun',
        body: 'They are near, bright and need short exposures. The Moon shows craters, the Sun spots. A planet is a small disc, often with bands, a ring or a phase. None of them is a deep-sky object.',
        lookAlike:
          'a planetary nebula looks like the small disc of a planet, and an overexposed star like a planet without details.',
      },
    },
  },

  networks: {
    title: 'How the networks decide',
    lead: 'A network has no list of rules. It has seen thousands of images and learned from them which patterns matter.',
    steps: {
      title: 'From image to answer',
      size: 'The image is scaled to the input size of the network, about {pixels} pixels on each side.',
      sizeUnknown: 'The image is scaled down to the input size of the network.',
      patterns:
        'Layer by layer, the network looks for patterns: first edges and dots, then textures, then star-like points, spiral arms and wisps.',
      map: 'For each cell of a coarse grid, the network computes how strongly this part of the image supports each class. These values form the evidence maps.',
      score:
        'The score of a class is the mean of its evidence map plus a constant that is the same for every image. The map therefore shows everything in the image that determines the score.',
      probabilities: 'The four scores are converted to four probabilities that add up to 100%.',
    },
    see: {
      title: 'See an example',
      explained:
        'This sample image is classified in the same way as your own images, and the answer is saved in your history.',
      classify: 'Classify the sample',
      again:
        'Switch between the classes: the lines show which parts of the image support each class. Would you look at the same parts?',
    },
    learned: {
      title: 'How a network learns',
      body: 'People assigned a class to each of {images} images. The network classified each image, compared its answer with that class, and adjusted each of its {parameters} parameters slightly to make the right class more probable. This was repeated many times. The training did not start from scratch: the network had already learned to recognise edges and textures from everyday images.',
      unknown:
        'People assigned a class to each of many images. The network classified each image, compared its answer with that class, and adjusted its parameters slightly to make the right class more probable. This was repeated many times.',
    },
    not: {
      title: 'What a network does not know',
      body: 'A network knows no names, distances or positions in the sky, only what images of each class tend to look like. It classifies the image as a whole and does not find a second object.',
    },
  },

  figures: {
    title: 'What the figures mean',
    lead: 'No single figure describes a model fully. This page explains each figure, with the values of a model on this server.',
    model: 'The examples are for {title}.',
    accuracy: {
      title: 'Accuracy',
      body: 'The proportion of test images that the model classifies correctly. The test images show no objects from the training images, because the model might simply remember those.',
      example:
        '{value} of {images} test images from {fields} fields of sky were classified correctly.',
    },
    interval: {
      title: 'Confidence interval',
      body: 'With a different set of test images, the figure would change slightly. The 95% confidence interval shows by how much: of 100 tests with different images, about 95 result in an interval that contains the true value. If the intervals of two models overlap a lot, the test does not show which one is better.',
      example: 'The accuracy is {value}; its confidence interval is {low} to {high}.',
    },
    precision: {
      title: 'Precision and recall',
      body: 'Precision: of all images classified as star clusters, how many really show one? Recall: of all images of star clusters, how many were recognised? A model that calls everything a star cluster has perfect recall but poor precision. F1 is high only if both are high.',
      example: '{label}: precision {precision}, recall {recall}.',
    },
    calibration: {
      title: 'Calibration',
      body: 'A forecast of an 80% chance of rain is good if it rains on eight out of ten such days. Likewise, of all answers with a probability of 80%, about eight in ten should be right. The calibration error is the mean difference between the probability and the proportion of right answers.',
      example:
        'On average, the probabilities of this model deviate by {error} percentage points from the proportion of right answers.',
    },
    set: {
      title: 'Possible classes',
      body: 'The model lists all classes that it cannot rule out. The verdict is “Confident” if the list contains exactly one class and at least 98.5% of similarly probable answers were right on images that were not used for training. Otherwise, the verdict is “Unsure”. For about 95 of 100 images of each class, the list contains the right class.',
      example:
        'The list of possible classes contained the right class for {value} of the test images. On average, it contained {size} classes.',
    },
    novelty: {
      title: 'Novelty',
      body: 'A network assigns a class to every image, even to a photo of a cat. Novelty therefore measures how much an image differs from the training images: 0 means familiar, 1 means unlike any of them. If the novelty is above a threshold, the verdict is “Unfamiliar”; do not rely on the answer.',
      example:
        '{kept} of the deep-sky test images were rated familiar. Of the test images of a kind that does not occur in the training data, {rejected} were rated unfamiliar or classified as not a deep-sky object.',
    },
    see: 'See these figures for all models',
  },

  data: {
    title: 'Training data and limitations',
    lead: 'A network is only as good as its training data. This page describes the data and the limitations of the models.',
    counts: {
      title: 'Number of images',
      explained:
        'All images of the same field of sky belong to the same part (training, validation or test), so the test images show objects that the model has never seen.',
      part: 'Part',
      all: 'All',
      fields: 'Fields of sky',
      parts: {
        train: 'Training images',
        validation: 'Validation images',
        test: 'Test images',
        source_validation: 'Validation images, new photographers',
        source_test: 'Test images, new photographers',
        out_of_distribution: 'Out-of-distribution images',
      } as Partial<Record<string, string>>,
    },
    limits: {
      title: 'Known limitations',
      explained: 'From the model card of {title}:',
    },
    kinds: {
      title: 'The hardest kinds of images',
      explained:
        'The kinds of test images with the lowest accuracy. Kinds with fewer than {minImages} images are not listed.',
      kind: 'Kind',
      accuracy: 'Accuracy',
      images: 'Images',
    },
    biased: {
      title: 'What this means',
      points: [
        'Most images show famous objects. Faint, small or unusual objects are rare.',
        'Most images were taken and processed by experts. Your first images may look quite different.',
        'People assigned the classes, and people make mistakes. Some images show two classes at once.',
      ],
    },
    sources: {
      title: 'Image sources',
      explained:
        'The images come from {sources} public collections. They belong to their authors and are not distributed with deepsky; the terms of each source apply.',
      show: 'Show all sources',
      source: 'Source',
      licence: 'Terms',
      images: 'Images',
    },
  },
} as const satisfies Source;
