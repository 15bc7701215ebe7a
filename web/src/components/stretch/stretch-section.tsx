import { lazy, Suspense, useState } from 'react';

import classes from '@/components/answer/answer-details.module.css';
import { isAutomatic } from '@/components/stretch/midtones';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';

const StretchPanel = lazy(() => import('@/components/stretch/stretch-panel'));

/** A section of the answer to a linear image; its content is loaded when it is opened. */
export const StretchSection = ({ answer }: { answer: Classification }) => {
  const messages = useMessages();
  const isChosen = answer.stretch !== null && !isAutomatic(answer.stretch);
  const [isOpen, setIsOpen] = useState(isChosen);
  return (
    <details
      className={classes.details}
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setIsOpen(currentTarget.open);
      }}
    >
      <summary>{messages.stretch.title}</summary>
      {isOpen && (
        <Suspense>
          <StretchPanel key={answer.id} answer={answer} />
        </Suspense>
      )}
    </details>
  );
};
