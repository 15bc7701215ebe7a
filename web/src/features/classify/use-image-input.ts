import { useWindowEvent } from '@mantine/hooks';
import { useState } from 'react';
import { type FileWithPath, useDropzone } from 'react-dropzone';

import { namedLikeImages, namesLeftOut } from '@/features/classify/folders';

/** Takes images that are dropped, chosen, pasted or photographed: single ones or whole folders. */
export const useImageInput = (onImages: (files: File[]) => void) => {
  const [leftOut, setLeftOut] = useState<string[]>([]);

  const take = (files: FileWithPath[]) => {
    const images = namedLikeImages(files);
    setLeftOut(namesLeftOut(files));
    if (images.length > 0) onImages(images);
  };

  useWindowEvent('paste', ({ clipboardData }) => {
    const files = [...(clipboardData?.files ?? [])];
    if (files.length > 0) take(files);
  });

  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDropAccepted: take,
    noClick: true,
    noKeyboard: true,
  });

  return {
    rootProps: getRootProps({ role: 'main' }),
    inputProps: getInputProps({ style: { display: 'none' } }),
    isDragActive,
    /** The files of a folder that were not taken for images, by name. */
    leftOut,
    open,
    take,
  };
};
