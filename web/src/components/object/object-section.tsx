import { Anchor, Paper, Text, Title } from '@mantine/core';
import { type CSSProperties, useId } from 'react';

import { discoveryText, distanceText } from '@/components/object/object-facts';
import { objectLinks } from '@/components/object/object-links';
import classes from '@/components/object/object-section.module.css';
import { PlaceFinder } from '@/components/object/place-finder';
import { SkyChart } from '@/components/object/sky-chart';
import type { CatalogueObject, Classification, FieldObject, Sky } from '@/lib/api-client';
import { constellationName } from '@/lib/constellations';
import { formatNumber } from '@/lib/format';
import { colourOfObject } from '@/lib/labels';
import { currentMessages, useMessages } from '@/lib/messages';
import { commonName } from '@/lib/object-text';
import { formatAngle, formatDeclination, formatRightAscension } from '@/lib/sky-angles';

/** The maximum number of objects that are listed without a click. */
const MAX_OPEN = 4;

/** Shows which object an image shows, where it is on the sky, and which objects are in the field. */
export const ObjectSection = ({ answer }: { answer: Classification }) => {
  const text = useMessages().object;
  const { object, objects, sky } = answer;
  const title = useId();
  const place = object ?? sky;
  if (place === null) return isUnplaced(answer) && <NotPlaced answer={answer} />;
  const constellation = object?.constellation ?? objects[0]?.constellation ?? null;
  return (
    <Paper component="section" aria-labelledby={title} className={classes.section}>
      <Title order={2} size="h4" id={title}>
        {text.title}
      </Title>
      <div className={classes.columns}>
        <div className={classes.column}>
          {object === null && <Text>{text.noneFits}</Text>}
          <dl className={classes.facts}>
            {describe(answer).map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {object !== null && text.meaning[object.kind] !== undefined && (
            <Text size="sm">{text.meaning[object.kind]}</Text>
          )}
          <Links object={object} sky={sky} />
          <PlaceFinder answer={answer} />
        </div>
        <SkyChart ra={place.ra} dec={place.dec} constellation={constellation} />
      </div>
      {objects.length > 0 && <ObjectList objects={objects} />}
    </Paper>
  );
};

const NotPlaced = ({ answer }: { answer: Classification }) => {
  const text = useMessages().object;
  return (
    <div className={classes.column}>
      <Text size="sm" c="dimmed">
        {text.notPlaced}
      </Text>
      <PlaceFinder answer={answer} />
    </div>
  );
};

/** Whether an image seems to show a deep-sky object, but neither a name nor a position is known. */
const isUnplaced = ({ agreement, label, verdict, prediction_set }: Classification): boolean =>
  agreement === 'not placed' &&
  label !== 'other' &&
  verdict !== 'unfamiliar' &&
  !prediction_set.includes('other');

const describe = ({ object, sky }: Classification): [string, string][] => {
  const text = currentMessages().object;
  const { facts } = text;
  const rows: [string, string | undefined][] = [
    [facts.name, object?.name],
    [facts.commonName, object ? commonName(object) : undefined],
    [facts.kind, object ? text.kinds[object.kind] : undefined],
    [facts.distance, object?.distance ? distanceText(object.distance) : undefined],
    [facts.discovered, object?.discovered ? discoveryText(object.discovered) : undefined],
    [
      facts.constellation,
      object?.constellation ? constellationName(object.constellation) : undefined,
    ],
    [facts.size, object ? sizeOf(object) : undefined],
    [facts.magnitude, object?.magnitude ? formatNumber(object.magnitude, 1) : undefined],
    [facts.position, object ? positionOf(object) : undefined],
    [facts.foundBy, object ? text.foundBy[object.found_by] : undefined],
    [facts.centre, sky && !object ? positionOf(sky) : undefined],
    [facts.field, sky ? fieldOf(sky) : undefined],
    [
      facts.placedBy,
      sky ? (text.placedBy[sky.source] ?? text.solvedBy({ engine: sky.source })) : undefined,
    ],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
};

const positionOf = ({ ra, dec }: { ra: number; dec: number }): string =>
  `${formatRightAscension(ra)}, ${formatDeclination(dec)}`;

const sizeOf = ({ major_axis, minor_axis }: CatalogueObject): string | undefined => {
  if (major_axis === null) return undefined;
  const major = formatAngle(major_axis / 60);
  const minor = formatAngle((minor_axis ?? major_axis) / 60);
  return minor === major ? major : currentMessages().object.times({ one: major, other: minor });
};

const fieldOf = ({ width, height, pixel_scale }: Sky): string => {
  const text = currentMessages().object;
  return text.fieldValue({
    size: text.times({ one: formatAngle(width), other: formatAngle(height) }),
    scale: formatAngle(pixel_scale / 3600),
  });
};

const Links = ({ object, sky }: { object: CatalogueObject | null; sky: Sky | null }) => {
  const text = useMessages().object;
  return (
    <div>
      <p className={classes.links}>
        <span>{text.links}:</span>
        {objectLinks(object, sky).map(({ name, url }) => (
          <Anchor key={name} href={url} target="_blank" rel="noopener noreferrer">
            {name}
          </Anchor>
        ))}
      </p>
      <Text size="xs" c="dimmed">
        {text.linksNote}
      </Text>
    </div>
  );
};

const ObjectList = ({ objects }: { objects: FieldObject[] }) => {
  const text = useMessages().object;
  return (
    <details className={classes.objects} open={objects.length <= MAX_OPEN}>
      <summary>{text.inField({ count: objects.length })}</summary>
      <ul>
        {objects.map((object) => (
          <li key={object.name} style={{ '--colour': colourOfObject(object) } as CSSProperties}>
            <strong>{object.name}</strong> {describeShort(object)}
          </li>
        ))}
      </ul>
    </details>
  );
};

const describeShort = (object: FieldObject): string =>
  [commonName(object), currentMessages().object.kinds[object.kind]]
    .filter((part) => part !== undefined)
    .join(', ');
