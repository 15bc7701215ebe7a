import { useWindowEvent } from '@mantine/hooks';
import { useRef, useState } from 'react';

import { droppedFiles, type FileWithPath } from '@/features/classify/dropped-files';

/**
 * Handles files and folders that the user drops on the page. Returns whether the user is dragging
 * files over the page.
 */
export const useFileDrop = (onFiles: (files: FileWithPath[]) => void): boolean => {
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
  useWindowEvent('drop', (event) => {
    setIsDragActive(false);
    if (!hasFiles(event)) return;
    event.preventDefault(); // the browser would open the file
    void droppedFiles(event.dataTransfer).then(onFiles);
  });

  return isDragActive;
};

const hasFiles = (event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } =>
  event.dataTransfer?.types.includes('Files') ?? false;
