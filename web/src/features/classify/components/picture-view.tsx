import { evidenceAddress, previewAddress } from '@/features/classify/api/pictures';
import type { EvidenceView } from '@/features/classify/components/evidence-controls';
import { LocalPreview } from '@/features/classify/components/local-preview';
import classes from '@/features/classify/components/picture-view.module.css';
import { isSample, nameOf, type Source } from '@/features/classify/picture';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';

interface Props {
  source: Source;
  answer: Classification | undefined;
  busy: boolean;
  evidence: EvidenceView;
}

/** The picture, at once as far as the browser can show it, then as the server does, with evidence. */
export const PictureView = ({ source, answer, busy, evidence }: Props) => {
  const name = nameOf(source);
  return (
    <figure className={classes.figure}>
      <div className={classes.stage} data-busy={busy || undefined}>
        <LocalPreview
          source={source}
          otherwise={busy ? messages.previewLater : messages.noPreview}
        />
        {answer && (
          <img
            src={previewAddress(answer.id)}
            alt={messages.pictureAlt(name)}
            className={classes.layer}
          />
        )}
        {answer && evidence.shown && evidence.label && (
          <img
            src={evidenceAddress(answer.id, evidence.label)}
            alt={messages.evidence.alt(messages.labels[evidence.label])}
            className={classes.layer}
            style={{ opacity: evidence.opacity }}
          />
        )}
      </div>
      <figcaption className={classes.caption}>
        {isSample(source) ? messages.samples.credit(name, source.credit, source.licence) : name}
      </figcaption>
    </figure>
  );
};
