import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { EvidenceView } from '@/components/answer/evidence-controls';
import { evidenceAddress, previewAddress } from '@/components/answer/image-addresses';
import classes from '@/components/answer/image-stage.module.css';
import { ServerImage } from '@/components/ui/server-image';
import type { Classification } from '@/lib/api-client';
import { messages } from '@/lib/messages';

interface Props {
  name: string;
  caption?: string | undefined;
  answer: Classification | undefined;
  busy?: boolean;
  evidence: EvidenceView;
  /** What to show until the server shows the image. */
  children?: ReactNode;
}

/** The image as the server shows it, with the evidence for a class over it. */
export const ImageStage = ({
  name,
  caption,
  answer,
  busy = false,
  evidence,
  children,
}: Props) => (
  <figure className={classes.figure}>
    <div className={classes.stage} data-busy={busy ? '' : undefined}>
      {children}
      {answer && (
        <ServerImage
          src={previewAddress(answer.id)}
          alt={messages.imageAlt(name)}
          className={classes.layer}
          otherwise={(retry) => <Failed words={messages.imageFailed} onRetry={retry} />}
        />
      )}
      {answer && evidence.shown && evidence.label && (
        <ServerImage
          src={evidenceAddress(answer.id, evidence.label)}
          alt={messages.evidence.alt(messages.labels[evidence.label])}
          className={classes.layer}
          style={{ opacity: evidence.opacity }}
          otherwise={(retry) => <Failed words={messages.evidence.failed} onRetry={retry} />}
        />
      )}
    </div>
    <figcaption className={classes.caption}>{caption ?? name}</figcaption>
  </figure>
);

const Failed = ({ words, onRetry }: { words: string; onRetry: () => void }) => (
  <div role="alert" className={classes.failed}>
    <Text size="xs">{words}</Text>
    <Button size="compact-xs" onClick={onRetry}>
      {messages.retry}
    </Button>
  </div>
);
