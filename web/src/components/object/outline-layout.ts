import type { FieldObject } from '@/lib/api-client';

/** An ellipse with a name and a rotation in degrees, in pixels of the screen. */
export interface Named {
  object: Pick<FieldObject, 'name' | 'angle'>;
  x: number;
  y: number;
  semiMajor: number;
  semiMinor: number;
}

/** The outline of an object. */
export interface Outline extends Named {
  object: FieldObject;
}

/** A label and its centre, in pixels of the screen. */
export interface PlacedLabel {
  text: string;
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

interface Box extends Size {
  x: number;
  y: number;
}

export const FONT_SIZE = 12;

/** The smallest radius at which an outline is visible. */
const MIN_RADIUS = 5;
const CHARACTER_WIDTH = 0.75 * FONT_SIZE;
const LABEL_HEIGHT = 1.3 * FONT_SIZE;
const GAP = 3;
/** The area of the image for each label, so that labels do not hide the image. */
const AREA_PER_LABEL = 7_000;
/** The number of labels that may cover other objects. The first objects fit the image best. */
const MAX_COVERING = 4;

/**
 * Returns the outlines of all objects that are visible in an image shown at a scale. Deep-sky
 * objects, which are labelled first, are before stars and entries of unknown kind.
 */
export const layOutlines = (
  objects: readonly FieldObject[],
  scale: number,
  frame: Size,
): Outline[] =>
  objects
    .toSorted((a, b) => Number(a.labels.length === 0) - Number(b.labels.length === 0))
    .map((object) => {
      const semiMajor = Math.max(MIN_RADIUS, (object.semi_major ?? 0) * scale);
      return {
        object,
        x: (object.x + 0.5) * scale,
        y: (object.y + 0.5) * scale,
        semiMajor,
        semiMinor: Math.max(MIN_RADIUS, (object.semi_minor ?? object.semi_major ?? 0) * scale),
      };
    })
    .filter((outline) => crosses(outline, frame));

/** Whether an outline crosses the image; it does not if the image is entirely inside or outside. */
const crosses = (outline: Named, { width, height }: Size): boolean =>
  steps.some((angle) => {
    const [x, y] = pointOf(outline, angle);
    return x >= 0 && x <= width && y >= 0 && y <= height;
  });

const steps = Array.from({ length: 72 }, (_, index) => (index * Math.PI) / 36);

const pointOf = ({ x, y, semiMajor, semiMinor, object }: Named, angle: number) => {
  const rotation = (object.angle * Math.PI) / 180;
  const [along, across] = [semiMajor * Math.cos(angle), semiMinor * Math.sin(angle)];
  return [
    x + along * Math.cos(rotation) - across * Math.sin(rotation),
    y + along * Math.sin(rotation) + across * Math.cos(rotation),
  ] as const;
};

/** Places the names next to their outlines, where they do not overlap each other. */
export const layLabels = (outlines: readonly Named[], frame: Size): PlacedLabel[] => {
  const limit = Math.max(3, Math.floor((frame.width * frame.height) / AREA_PER_LABEL));
  const objects = outlines.filter(isSmall).map(boxOf);
  const taken: Box[] = [];
  const labels: PlacedLabel[] = [];
  for (const [index, outline] of outlines.entries()) {
    if (labels.length >= limit) break;
    const text = outline.object.name;
    const size = { width: text.length * CHARACTER_WIDTH, height: LABEL_HEIGHT };
    const free = candidates(outline, size).filter(
      (box) => isInside(box, frame) && !taken.some((other) => overlap(box, other)),
    );
    const place =
      free.find((box) => !objects.some((other) => overlap(box, other))) ??
      (index < MAX_COVERING ? free[0] : undefined);
    if (place === undefined) continue;
    taken.push(place);
    labels.push({ text, x: place.x, y: place.y });
  }
  return labels;
};

const isSmall = ({ semiMajor }: Named): boolean => semiMajor < 3 * MIN_RADIUS;

const boxOf = (outline: Named): Box => {
  const points = steps.map((angle) => pointOf(outline, angle));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return {
    x: outline.x,
    y: outline.y,
    width: Math.max(...xs) - Math.min(...xs),
    height: Math.max(...ys) - Math.min(...ys),
  };
};

/** Returns the possible places of a label, the best ones first: above, below, right, left, inside. */
const candidates = (outline: Named, { width, height }: Size): Box[] => {
  const { x, y, ...extent } = boxOf(outline);
  const dx = (extent.width + width) / 2 + GAP;
  const dy = (extent.height + height) / 2 + GAP;
  const inner = extent.height / 2 - height;
  const offsets: [number, number][] = [
    [0, -dy],
    [0, dy],
    [dx, 0],
    [-dx, 0],
    [dx, -dy],
    [-dx, -dy],
    [dx, dy],
    [-dx, dy],
    ...(isSmall(outline)
      ? []
      : ([
          [0, -inner],
          [0, inner],
        ] as [number, number][])),
  ];
  return offsets.map(([right, down]) => ({ x: x + right, y: y + down, width, height }));
};

const isInside = ({ x, y, width, height }: Box, frame: Size): boolean =>
  x >= width / 2 &&
  x <= frame.width - width / 2 &&
  y >= height / 2 &&
  y <= frame.height - height / 2;

const overlap = (one: Box, other: Box): boolean =>
  Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
  Math.abs(one.y - other.y) < (one.height + other.height) / 2;
