import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { EvidenceView } from '@/components/answer/evidence-controls';
import classes from '@/components/answer/image-stage.module.css';
import { evidenceUrl, previewUrl } from '@/components/answer/image-urls';
import { FoundBoxes } from '@/components/found-objects/found-boxes';
import { ObjectOutlines } from '@/components/object/object-outlines';
import { ServerImage } from '@/components/ui/server-image';
import { Zoom } from '@/components/viewer/zoom';
import type { Classification, FoundObject } from '@/lib/api-client';
import { labelName } from '@/lib/labels';
import { useMessages } from '@/lib/messages';
import { isShared } from '@/lib/shared-answer';

interface Props {
  name: string;
  caption?: ReactNode;
  answer: Classification | undefined;
  busy?: boolean;
  evidence: EvidenceView;
  /** Whether the outlines of the objects in the field are shown. */
  areObjectsShown?: boolean;
  /** The objects that were found in the image, if they are shown. */
  found?: readonly FoundObject[] | undefined;
  /** The placeholder that is shown until the server's preview is loaded. */
  children?: ReactNode;
}

/** Shows the preview of an image, with the evidence contours for a class and the objects over it. */
export const ImageStage = ({
  name,
  caption,
  answer,
  busy = false,
  evidence,
  areObjectsShown = false,
  found = [],
  children,
}: Props) => {
  const messages = useMessages();
  const label = evidence.label ?? answer?.label;
  const layers = answer && (
    <>
      {label !== undefined && evidence.shown && (
        <ServerImage
          src={evidenceUrl(answer.id, label)}
          alt={messages.evidence.alt({ label: labelName(label) })}
          className={classes.layer}
          style={{ visibility: evidence.isHeld ? 'hidden' : 'visible' }}
          fallback={(retry) => <Failed text={messages.evidence.failed} onRetry={retry} />}
        />
      )}
      {answer.objects.length > 0 && areObjectsShown && <ObjectOutlines answer={answer} />}
      {found.length > 0 && <FoundBoxes answer={answer} found={found} />}
    </>
  );
  const hasLayers =
    evidence.shown || found.length > 0 || (areObjectsShown && answer?.objects.length);
  return (
    <figure className={classes.figure}>
      <div className={classes.stage} data-busy={busy ? '' : undefined}>
        {children}
        {answer && (
          <ServerImage
            src={previewUrl(answer.id)}
            alt={messages.imageAlt({ name })}
            className={classes.layer}
            fallback={(retry) => <Failed text={messages.imageFailed} onRetry={retry} />}
          />
        )}
        {layers}
        {answer && !isShared(answer.id) && (
          <Zoom name={name} answer={answer} layers={hasLayers ? layers : undefined} />
        )}
      </div>
      <figcaption className={classes.caption}>{caption ?? name}</figcaption>
    </figure>
  );
};

const Failed = ({ text, onRetry }: { text: string; onRetry: () => void }) => {
  const messages = useMessages();
  return (
    <div role="alert" className={classes.failed}>
      <Text size="xs">{text}</Text>
      <Button size="compact-xs" onClick={onRetry}>
        {messages.retry}
      </Button>
    </div>
  );
};
