import { useState } from 'react';

import { evidenceAddress, previewAddress } from '@/features/classify/api/pictures';
import { EvidenceControls, type EvidenceView } from '@/features/classify/components/evidence-controls';
import { LocalPreview } from '@/features/classify/components/local-preview';
import classes from '@/features/classify/components/picture-view.module.css';
import { isSample, nameOf, type Source } from '@/features/classify/picture';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';

interface Props {
  source: Source;
  answer: Classification | undefined;
  busy: boolean;
}

/** The picture, at once as far as the browser can show it, then as the server does, with evidence. */
export const PictureView = ({ source, answer, busy }: Props) => {
  const [view, setView] = useState<EvidenceView>({ shown: true, opacity: 0.6 });
  const label = view.label ?? answer?.label;
  const name = nameOf(source);
  return (
    <div>
      <figure className={classes.figure}>
        <div className={classes.stage} data-busy={busy || undefined}>
          <LocalPreview source={source} />
          {answer && (
            <img src={previewAddress(answer.id)} alt={messages.pictureAlt(name)} className={classes.layer} />
          )}
          {answer && label && view.shown && (
            <img
              src={evidenceAddress(answer.id, label)}
              alt={messages.evidence.alt(messages.labels[label])}
              className={classes.layer}
              style={{ opacity: view.opacity }}
            />
          )}
        </div>
        <figcaption className={classes.caption}>
          {isSample(source) ? messages.samples.credit(name, source.credit, source.licence) : name}
        </figcaption>
      </figure>
      <EvidenceControls view={view} label={label} onChange={setView} disabled={!answer} />
    </div>
  );
};
