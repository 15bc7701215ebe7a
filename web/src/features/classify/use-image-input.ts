import { useWindowEvent } from '@mantine/hooks';
import { useState } from 'react';
import { type FileWithPath, useDropzone } from 'react-dropzone';

import { selectImageFiles, skippedFileNames } from '@/features/classify/image-files';

/**
 * Handles images and folders that the user drops, selects or pastes, and photos from the camera.
 */
export const useImageInput = (onImages: (files: File[]) => void) => {
  const [skipped, setSkipped] = useState<string[]>([]);

  const addFiles = (files: FileWithPath[]) => {
    const images = selectImageFiles(files);
    setSkipped(skippedFileNames(files));
    if (images.length > 0) onImages(images);
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
    /** The names of files that are skipped because their extensions are not supported. */
    skipped,
    open,
    addFiles,
  };
};
