import { useWindowEvent } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { type FileWithPath, useDropzone } from 'react-dropzone';

import { selectImageFiles } from '@/features/classify/image-files';

/**
 * Handles images and folders that the user drops, selects or pastes, and photos from the camera.
 */
export const useImageInput = (onImages: (files: File[]) => void) => {
  const [skipped, setSkipped] = useState<string[]>([]);

  const latest = useRef(onImages);
  useEffect(() => {
    latest.current = onImages;
  });

  const addFiles = (files: FileWithPath[]) => {
    void selectImageFiles(files).then((selection) => {
      setSkipped(selection.skipped);
      if (selection.images.length > 0) latest.current(selection.images);
    });
  };

  useWindowEvent('paste', ({ clipboardData }) => {
    const files = [...(clipboardData?.files ?? [])];
    if (files.length > 0) addFiles(files);
  });

  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDropAccepted: addFiles,
    noClick: true,
    noKeyboard: true,
  });

  return {
    rootProps: getRootProps({ role: 'main' }),
    inputProps: getInputProps({ style: { display: 'none' } }),
    isDragActive,
    /** The names of files from a folder that are skipped because they are not images. */
    skipped,
    open,
    addFiles,
  };
};
