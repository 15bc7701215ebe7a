import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import type { Classification, Kind, OtherKind } from '@/lib/api-client';
import { LABELS } from '@/lib/labels';
import { useMessages } from '@/lib/messages';
import { identified } from '@/lib/object-text';

/** The sections of the page about kinds of objects, by kind. */
const SECTIONS: Partial<Record<Kind | OtherKind, string>> = {
  'spiral galaxy': 'spiral-galaxy',
  'elliptical galaxy': 'elliptical-galaxy',
  'lenticular galaxy': 'elliptical-galaxy',
  'irregular galaxy': 'irregular-galaxy',
  'galaxy group': 'galaxy-group',
  'emission nebula': 'emission-nebula',
  'reflection nebula': 'reflection-nebula',
  'planetary nebula': 'planetary-nebula',
  'dark nebula': 'dark-nebula',
  'supernova remnant': 'supernova-remnant',
  'open cluster': 'open-cluster',
  'globular cluster': 'globular-cluster',
  'cluster with nebula': 'emission-nebula',
  star: 'stars',
  'double star': 'stars',
  asterism: 'stars',
  'Milky Way': 'stars',
  'star field': 'stars',
  comet: 'stars',
  Moon: 'solar-system',
  planet: 'solar-system',
  Sun: 'solar-system',
};

/** A link to an explanation of what an image shows, as specific as the answer. */
export const ReadOn = ({ answer }: { answer: Classification }) => {
  const messages = useMessages();
  const text = messages.learn;
  const seen = answer.label === 'other' ? answer.subtype?.name : undefined;
  const kind = identified(answer)?.kind ?? seen;
  const section = kind && SECTIONS[kind];
  const label = LABELS.find((one) => one === answer.label);
  if (kind !== undefined && section !== undefined) {
    const names = { ...messages.object.otherKinds, ...messages.object.kinds };
    return (
      <Anchor component={Link} to={`/learn/kinds#${section}`} w="fit-content">
        {text.aboutKind({ kind: names[kind] })}
      </Anchor>
    );
  }
  return (
    label && (
      <Anchor component={Link} to={`/learn/objects#${label}`} w="fit-content">
        {text.about[label]}
      </Anchor>
    )
  );
};
