import { useElementSize } from '@mantine/hooks';
import type { CSSProperties } from 'react';

import { layBoxes, textOf } from '@/components/found-objects/lay-boxes';
import classes from '@/components/object/object-outlines.module.css';
import { FONT_SIZE, layLabels } from '@/components/object/outline-layout';
import type { Classification, FoundObject } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { colourOf } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

/** The width that is assumed until the element has been measured. */
const DEFAULT_WIDTH = 640;

interface Props {
  answer: Classification;
  found: readonly FoundObject[];
}

/** Draws boxes around the objects that were found in an image, with their classes. */
export const FoundBoxes = ({ answer, found }: Props) => {
  const messages = useMessages();
  const { ref, width, height } = useElementSize();
  // The image is scaled to fit into the element.
  const scale =
    Math.min(width / answer.width, height / answer.height) || DEFAULT_WIDTH / answer.width;
  const frame = { width: answer.width * scale, height: answer.height * scale };
  return (
    <div ref={ref} className={classes.layer} data-night>
      <svg
        role="img"
        aria-label={messages.foundObjects.boxes({ names: formatList(found.map(textOf)) })}
        {...frame}
        className={classes.outlines}
      >
        {found.map(({ left, top, right, bottom, label }, index) => (
          <rect
            key={index}
            x={left * scale}
            y={top * scale}
            width={(right - left) * scale}
            height={(bottom - top) * scale}
            style={{ '--colour': colourOf(label) } as CSSProperties}
          />
        ))}
        {layLabels(layBoxes(found, scale), frame).map(({ text, x, y }) => (
          <text key={`${x} ${y}`} x={x} y={y} fontSize={FONT_SIZE}>
            {text}
          </text>
        ))}
      </svg>
    </div>
  );
};
