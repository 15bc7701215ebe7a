import { evidenceUrl, previewUrl } from '@/components/answer/image-urls';
import { layBoxes } from '@/components/found-objects/lay-boxes';
import {
  FONT_SIZE,
  layLabels,
  layOutlines,
  type PlacedLabel,
} from '@/components/object/outline-layout';
import { headline } from '@/lib/answer-text';
import type { Classification, FoundObject, Label } from '@/lib/api-client';
import { fetchImage } from '@/lib/fetch-image';
import { formatPercent } from '@/lib/format';
import { labelName, probabilityOf } from '@/lib/labels';
import { currentMessages } from '@/lib/messages';
import { sampleCredit, sampleTitle } from '@/lib/sample-text';
import { samples } from '@/lib/samples';

/** What is drawn besides the image and the answer. */
export interface Drawn {
  /** The title of the model. */
  model: string;
  /** The class whose evidence is drawn, if any. */
  evidence: Label | undefined;
  areObjectsShown: boolean;
  /** The objects that were found in the image, if they are shown. */
  found: readonly FoundObject[] | undefined;
}

/** The width up to which small images are enlarged, so that the text is legible. */
const MIN_WIDTH = 1000;

/** The size of the text relative to the width of the picture. */
const TEXT_SCALE = 1 / 48;
const LINE_HEIGHT = 1.4;

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** The colours of dark parts in `app/global.css`; a saved picture does not depend on the theme. */
const COLOURS = {
  night: '#060914',
  strong: '#ffffff',
  dimmed: '#c3cbe4',
} as const;

const LABEL_COLOURS: Partial<Record<Label, string>> = {
  galaxy: '#ffb020',
  nebula: '#ff4882',
  star_cluster: '#40baff',
};

/** Draws the image with what is shown over it, the answer and credits below it, as a PNG. */
export const drawAnswer = async (answer: Classification, drawn: Drawn): Promise<Blob> => {
  const preview = await createImageBitmap(await fetchImage(previewUrl(answer.id)));
  const width = Math.max(MIN_WIDTH, preview.width);
  const height = Math.round((width * preview.height) / preview.width);
  const unit = width * TEXT_SCALE;
  const canvas = document.createElement('canvas');
  const context = contextOf(canvas);
  const rows = rowsOf(answer, drawn, unit).flatMap((row) =>
    wrap(context, row, width - 2 * unit).map((text) => ({ ...row, text })),
  );
  const strip = rows.reduce((sum, { size }) => sum + size * LINE_HEIGHT, 1.5 * unit);
  canvas.width = width;
  canvas.height = height + Math.ceil(strip);
  context.fillStyle = COLOURS.night;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(preview, 0, 0, width, height);
  if (drawn.evidence !== undefined) {
    const evidence = await decode(await fetchImage(evidenceUrl(answer.id, drawn.evidence)));
    context.drawImage(evidence, 0, 0, width, height);
  }
  if (drawn.areObjectsShown) drawObjects(context, answer, { width, height });
  if (drawn.found) drawBoxes(context, drawn.found, answer, { width, height });
  write(context, rows, unit, height + 0.75 * unit);
  return encode(canvas);
};

interface Row {
  text: string;
  size: number;
  weight: number;
  colour: string;
}

const rowsOf = (answer: Classification, { model }: Drawn, unit: number): Row[] => {
  const { text, certainty } = headline(answer);
  const class_ = labelName(answer.label);
  const probability = formatPercent(probabilityOf(answer, answer.label));
  const messages = currentMessages();
  const by = messages.saveImage.by({ model: `${model} ${answer.model_version}` });
  const sample = samples.find(({ sha256 }) => sha256 === answer.image_sha256);
  return [
    {
      text: certainty === '' ? text : `${text}, ${certainty}`,
      size: 1.5 * unit,
      weight: 650,
      colour: COLOURS.strong,
    },
    {
      text: `${messages.verdicts[answer.verdict]} · ${class_} ${probability}`,
      size: unit,
      weight: 500,
      colour: COLOURS.strong,
    },
    {
      text: sample ? `${sampleCredit(sample, sampleTitle(sample))} · ${by}` : by,
      size: 0.8 * unit,
      weight: 400,
      colour: COLOURS.dimmed,
    },
  ];
};

const setFont = (context: CanvasRenderingContext2D, { size, weight }: Omit<Row, 'text'>) => {
  context.font = `${weight} ${size}px ${FONT}`;
};

/** Divides a text into lines that fit into a width. */
const wrap = (context: CanvasRenderingContext2D, row: Row, width: number): string[] => {
  setFont(context, row);
  const lines: string[] = [];
  for (const word of row.text.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || context.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
};

const write = (context: CanvasRenderingContext2D, rows: Row[], left: number, top: number) => {
  let y = top;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const row of rows) {
    setFont(context, row);
    context.fillStyle = row.colour;
    context.fillText(row.text, left, y + (row.size * LINE_HEIGHT) / 2);
    y += row.size * LINE_HEIGHT;
  }
};

interface Frame {
  width: number;
  height: number;
}

/** Draws the outlines and names of objects as `ObjectOutlines` shows them. */
const drawObjects = (
  context: CanvasRenderingContext2D,
  { object: subject, objects, width }: Classification,
  frame: Frame,
) => {
  drawAsOnScreen(context, frame, (size) => {
    const outlines = layOutlines(objects, size.width / width, size);
    for (const { object, x, y, semiMajor, semiMinor } of outlines) {
      context.beginPath();
      context.ellipse(x, y, semiMajor, semiMinor, (object.angle * Math.PI) / 180, 0, 2 * Math.PI);
      strokeTwice(context, colourOf(object.labels[0]), object.name === subject?.name ? 2.5 : 1.25);
    }
    return layLabels(outlines, size);
  });
};

/** Draws boxes around the objects that were found as `FoundBoxes` shows them. */
const drawBoxes = (
  context: CanvasRenderingContext2D,
  found: readonly FoundObject[],
  { width }: Classification,
  frame: Frame,
) => {
  drawAsOnScreen(context, frame, (size) => {
    const scale = size.width / width;
    for (const { left, top, right, bottom, label } of found) {
      context.beginPath();
      context.rect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
      strokeTwice(context, colourOf(label), 1.25);
    }
    return layLabels(layBoxes(found, scale), size);
  });
};

/**
 * Draws lines and the labels that `draw` returns in a frame as it would be laid out on a screen,
 * enlarged, so that they suit the size of the picture.
 */
const drawAsOnScreen = (
  context: CanvasRenderingContext2D,
  frame: Frame,
  draw: (size: Frame) => PlacedLabel[],
) => {
  const enlargement = (frame.width * TEXT_SCALE) / FONT_SIZE;
  context.save();
  context.beginPath();
  context.rect(0, 0, frame.width, frame.height);
  context.clip();
  context.scale(enlargement, enlargement);
  const labels = draw({ width: frame.width / enlargement, height: frame.height / enlargement });
  setFont(context, { size: FONT_SIZE, weight: 600, colour: COLOURS.strong });
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = COLOURS.night;
  context.fillStyle = COLOURS.strong;
  for (const { text, x, y } of labels) {
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
  context.restore();
};

const colourOf = (label: Label | undefined): string =>
  (label && LABEL_COLOURS[label]) ?? COLOURS.dimmed;

/** Strokes a line with a dark border, so that it is visible over bright parts. */
const strokeTwice = (context: CanvasRenderingContext2D, colour: string, width: number) => {
  context.strokeStyle = COLOURS.night;
  context.lineWidth = width + 1.5;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
};

const contextOf = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser cannot draw.');
  return context;
};

/** Decodes an SVG, which `createImageBitmap` cannot. */
const decode = async (svg: Blob): Promise<HTMLImageElement> => {
  const image = new Image();
  const url = URL.createObjectURL(svg);
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  return image;
};

const encode = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture could not be encoded.'));
    }, 'image/png');
  });
