import { type ReactNode, type Ref, useState } from 'react';

import { AnswerDetails } from '@/components/answer/answer-details';
import type { MenuAction } from '@/components/answer/answer-menu';
import classes from '@/components/answer/answer-sheet.module.css';
import { EvidenceControls, type EvidenceView } from '@/components/answer/evidence-controls';
import { ImageStage } from '@/components/answer/image-stage';
import { LazyAnswerMenu } from '@/components/answer/lazy-answer-menu';
import { SearchResult } from '@/components/found-objects/search-result';
import { useFoundObjects } from '@/components/found-objects/use-found-objects';
import { ObjectSection } from '@/components/object/object-section';
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
  /** Further items of the menu below the image. */
  menuActions?: MenuAction[] | undefined;
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
  menuActions,
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
  const canSearch = shown !== undefined && !isShared(shown.id);
  const startSearch = () => {
    setSearched(shown?.id);
    if (search.error) void search.refetch();
  };
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
          {!isBlind && (
            <EvidenceControls answer={answer} view={view} onChange={setView}>
              {actions}
              <LazyAnswerMenu
                name={image.name}
                answer={answer}
                drawn={{
                  evidence: view.shown ? (view.label ?? answer?.label) : undefined,
                  areObjectsShown: hasObjects && areObjectsShown,
                  found,
                }}
                onSearch={canSearch && !search.data ? startSearch : undefined}
                onShowObjects={hasObjects ? setAreObjectsShown : undefined}
                actions={menuActions}
              />
            </EvidenceControls>
          )}
          {canSearch && (
            <SearchResult search={search} areShown={areFoundShown} onShow={setAreFoundShown} />
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
