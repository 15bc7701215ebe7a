import { ActionIcon } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';

import classes from '@/components/viewer/zoom.module.css';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { useKeys } from '@/lib/use-keys';
import { useShortcutAttributes } from '@/lib/use-shortcuts';

const ViewerDialog = lazy(() => import('@/components/viewer/viewer-dialog'));

interface Props {
  name: string;
  answer: Classification;
  /** Elements that fill the image, such as outlines and evidence. */
  layers?: ReactNode;
}

/**
 * Opens the viewer at full resolution: with a button, a double click, the key “+”, two fingers, or
 * the wheel with Ctrl, which is also what browsers report for pinching on a touchpad.
 *
 * Its parent is the element that shows the image. The code of the viewer is loaded when it opens.
 */
export const Zoom = ({ name, answer, layers }: Props) => {
  const text = useMessages().viewer;
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const shortcut = useShortcutAttributes();
  const open = () => {
    setIsOpen(true);
  };
  useKeys({ '+': open });
  useEffect(() => {
    const stage = button.current?.parentElement;
    if (!stage) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault(); // the browser would enlarge the whole page
      setIsOpen(true);
    };
    const onTouch = (event: TouchEvent) => {
      if (event.touches.length < 2) return;
      event.preventDefault();
      setIsOpen(true);
    };
    const onDoubleClick = () => {
      setIsOpen(true);
    };
    stage.addEventListener('wheel', onWheel, { passive: false });
    stage.addEventListener('touchstart', onTouch, { passive: false });
    stage.addEventListener('dblclick', onDoubleClick);
    return () => {
      stage.removeEventListener('wheel', onWheel);
      stage.removeEventListener('touchstart', onTouch);
      stage.removeEventListener('dblclick', onDoubleClick);
    };
  }, []);

  return (
    <>
      <ActionIcon
        ref={button}
        className={classes.button}
        variant="default"
        size="lg"
        aria-label={text.open}
        title={text.open}
        aria-haspopup="dialog"
        onClick={open}
        {...shortcut('+')}
      >
        <span aria-hidden>⤢</span>
      </ActionIcon>
      {isOpen && (
        <Suspense>
          <ViewerDialog
            name={name}
            answer={answer}
            layers={layers}
            onClose={() => {
              setIsOpen(false);
              button.current?.focus();
            }}
          />
        </Suspense>
      )}
    </>
  );
};
