import { Switch } from '@mantine/core';
import { type ReactNode, type Ref, useState } from 'react';

import { AnswerDetails } from '@/components/answer/answer-details';
import classes from '@/components/answer/answer-sheet.module.css';
import { EvidenceControls, type EvidenceView } from '@/components/answer/evidence-controls';
import { ImageStage } from '@/components/answer/image-stage';
import { ObjectFinder } from '@/components/found-objects/object-finder';
import { useFoundObjects } from '@/components/found-objects/use-found-objects';
import { ObjectSection } from '@/components/object/object-section';
import { SaveImageButton } from '@/components/save-image/save-image-button';
import { ShareButton } from '@/components/share/share-button';
import { StretchSection } from '@/components/stretch/stretch-section';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { isShared } from '@/lib/shared-answer';

interface Props {
  ref?: Ref<HTMLElement>;
  name: string;
  caption?: ReactNode;
  answer: Classification | undefined;
  busy?: boolean;
  /** The placeholder that is shown until the server's preview is loaded. */
  preview?: ReactNode;
  /** The content above the image and its classification. */
  summary?: ReactNode;
  /** The most important part of the classification, which is above the image on phones. */
  head: ReactNode;
  /** Buttons below the image. */
  actions?: ReactNode;
  /** Whether everything that reveals the classification is hidden. */
  isBlind?: boolean;
  /** The other elements that show the classification. */
  children?: ReactNode;
}

/** Shows an image and its classification, side by side on wide screens. */
export const AnswerSheet = ({
  ref,
  answer,
  preview,
  summary,
  head,
  actions,
  isBlind = false,
  children,
  ...image
}: Props) => {
  const messages = useMessages();
  const [view, setView] = useState<EvidenceView>({ shown: false });
  const [areObjectsShown, setAreObjectsShown] = useState(true);
  /** The id of the answer in whose image to look for objects. */
  const [searched, setSearched] = useState<string>();
  const [areFoundShown, setAreFoundShown] = useState(true);
  const shown = isBlind ? undefined : answer;
  const search = useFoundObjects(shown?.id === searched ? searched : undefined);
  const found = areFoundShown ? search.data : undefined;
  const hasObjects = shown !== undefined && shown.objects.length > 0;
  return (
    <section
      ref={ref}
      tabIndex={-1}
      aria-label={messages.result}
      className={classes.sheet}
      data-answer-sheet
    >
      {summary}
      <div className={classes.parts}>
        <div className={classes.head}>{head}</div>
        <div className={classes.image}>
          <ImageStage
            {...image}
            answer={answer}
            evidence={isBlind ? { shown: false } : view}
            areObjectsShown={hasObjects && areObjectsShown}
            found={found}
          >
            {preview}
          </ImageStage>
          <EvidenceControls answer={shown} isHidden={isBlind} view={view} onChange={setView}>
            {hasObjects && (
              <Switch
                label={messages.object.show}
                checked={areObjectsShown}
                onChange={({ currentTarget }) => {
                  setAreObjectsShown(currentTarget.checked);
                }}
              />
            )}
            {shown && <ShareButton answer={shown} />}
            {shown && (
              <SaveImageButton
                name={image.name}
                answer={shown}
                evidence={view.shown ? (view.label ?? shown.label) : undefined}
                areObjectsShown={hasObjects && areObjectsShown}
                found={found}
              />
            )}
            {actions && <div className={classes.actions}>{actions}</div>}
          </EvidenceControls>
          {!isBlind && !(answer && isShared(answer.id)) && (
            <ObjectFinder
              isDisabled={!shown}
              search={search}
              areShown={areFoundShown}
              onSearch={() => {
                setSearched(shown?.id);
                if (search.error) void search.refetch();
              }}
              onShow={setAreFoundShown}
            />
          )}
        </div>
        <div className={classes.body}>{children}</div>
      </div>
      {shown && <ObjectSection answer={shown} />}
      {shown?.stretch && !isShared(shown.id) && <StretchSection key={shown.id} answer={shown} />}
      {shown && <AnswerDetails answer={shown} />}
      {image.busy && <div className={classes.detailsPlace} />}
    </section>
  );
};
