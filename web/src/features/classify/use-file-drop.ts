import { useWindowEvent } from '@mantine/hooks';
import { useRef, useState } from 'react';

import { type Dropped, readDropped } from '@/features/classify/dropped-files';

/**
 * Handles files and folders that the user drops on the page. Returns whether the user is dragging
 * files over the page.
 */
export const useFileDrop = (onDrop: (dropped: Dropped) => void): boolean => {
  const [isDragActive, setIsDragActive] = useState(false);
  const entered = useRef<EventTarget>(null);

  useWindowEvent('dragenter', (event) => {
    if (!hasFiles(event)) return;
    entered.current = event.target;
    setIsDragActive(true);
  });
  useWindowEvent('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault(); // the browser then allows the user to drop them
  });
  useWindowEvent('dragleave', ({ target }) => {
    // An element is left after the next one is entered.
    if (target === entered.current) setIsDragActive(false);
  });
  // Browsers do not always say that a drag was cancelled, but the pointer moves only without one.
  useWindowEvent('mousemove', () => {
    setIsDragActive(false);
  });
  useWindowEvent('drop', (event) => {
    setIsDragActive(false);
    if (!hasFiles(event)) return;
    event.preventDefault(); // the browser would open the file
    void readDropped(event.dataTransfer).then(onDrop);
  });

  return isDragActive;
};

const hasFiles = (event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } =>
  event.dataTransfer?.types.includes('Files') ?? false;
