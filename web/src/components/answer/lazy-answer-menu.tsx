import { type ComponentProps, lazy, Suspense, useState } from 'react';

import { MenuButton } from '@/components/answer/menu-button';

// Loaded after the answer is shown, because menus and dialogs need much code; see `preloadPages`.
const AnswerMenu = lazy(async () => ({
  default: (await import('@/components/answer/answer-menu')).AnswerMenu,
}));

type Props = Omit<ComponentProps<typeof AnswerMenu>, 'opensAtOnce'>;

/** The menu of an answer. If its button is clicked before the code is loaded, it opens then. */
export const LazyAnswerMenu = (props: Props) => {
  const [wasClicked, setWasClicked] = useState(false);
  const button = (
    <MenuButton
      aria-haspopup="menu"
      disabled={!props.answer}
      onClick={() => {
        setWasClicked(true);
      }}
    />
  );
  return (
    <Suspense fallback={button}>
      <AnswerMenu {...props} opensAtOnce={wasClicked} />
    </Suspense>
  );
};
