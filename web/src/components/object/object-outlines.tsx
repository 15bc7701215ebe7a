import { useElementSize } from '@mantine/hooks';
import type { CSSProperties } from 'react';

import classes from '@/components/object/object-outlines.module.css';
import { FONT_SIZE, layLabels, layOutlines } from '@/components/object/outline-layout';
import type { Classification } from '@/lib/api-client';
import { formatList } from '@/lib/format';
import { colourOfObject } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

/** The width that is assumed until the element has been measured. */
const DEFAULT_WIDTH = 640;

/** Draws the outlines and names of the objects in the field over the image. */
export const ObjectOutlines = ({ answer }: { answer: Classification }) => {
  const messages = useMessages();
  const { ref, width, height } = useElementSize();
  const { object: subject, objects } = answer;
  // The image is scaled to fit into the element.
  const scale =
    Math.min(width / answer.width, height / answer.height) || DEFAULT_WIDTH / answer.width;
  const frame = { width: answer.width * scale, height: answer.height * scale };
  const outlines = layOutlines(objects, scale, frame);
  return (
    <div ref={ref} className={classes.layer} data-night>
      <svg
        role="img"
        aria-label={messages.object.outlines({
          names: formatList(objects.map(({ name }) => name)),
        })}
        {...frame}
        className={classes.outlines}
      >
        {outlines.map(({ object, x, y, semiMajor, semiMinor }) => (
          <ellipse
            key={object.name}
            cx={x}
            cy={y}
            rx={semiMajor}
            ry={semiMinor}
            transform={`rotate(${object.angle} ${x} ${y})`}
            data-subject={object.name === subject?.name || undefined}
            style={{ '--colour': colourOfObject(object) } as CSSProperties}
          />
        ))}
        {layLabels(outlines, frame).map(({ text, x, y }) => (
          <text key={text} x={x} y={y} fontSize={FONT_SIZE}>
            {text}
          </text>
        ))}
      </svg>
    </div>
  );
};
