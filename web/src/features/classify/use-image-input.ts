import { useWindowEvent } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

import type { Dropped } from '@/features/classify/dropped-files';
import { selectImageFiles } from '@/features/classify/image-files';
import { useFileDrop } from '@/features/classify/use-file-drop';

/**
 * Handles images and folders that the user drops or pastes, and those given to `addFiles`, which the
 * user selects or takes with the camera.
 */
export const useImageInput = (onImages: (files: File[]) => void) => {
  const [skipped, setSkipped] = useState<string[]>([]);
  const [unreadable, setUnreadable] = useState<string[]>([]);

  const latest = useRef(onImages);
  useEffect(() => {
    latest.current = onImages;
  });

  const add = ({ files, unreadable }: Dropped) => {
    void selectImageFiles(files).then((selection) => {
      setSkipped(selection.skipped);
      setUnreadable(unreadable);
      if (selection.images.length > 0) latest.current(selection.images);
    });
  };

  const addFiles = (files: File[]) => {
    add({ files, unreadable: [] });
  };

  useWindowEvent('paste', ({ clipboardData }) => {
    const files = [...(clipboardData?.files ?? [])];
    if (files.length > 0) addFiles(files);
  });

  const isDragActive = useFileDrop(add);

  return {
    isDragActive,
    /** The names of files from a folder that are skipped because they are not images. */
    skipped,
    /** The names of dropped files and folders that the browser cannot read. */
    unreadable,
    addFiles,
  };
};
