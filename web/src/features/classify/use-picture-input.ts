import { useWindowEvent } from '@mantine/hooks';
import { useState } from 'react';
import { type FileWithPath, useDropzone } from 'react-dropzone';

import { namedLikePictures, namesLeftOut } from '@/features/classify/folders';

/** Takes pictures that are dropped, chosen, pasted or photographed: single ones or whole folders. */
export const usePictureInput = (onPictures: (files: File[]) => void) => {
  const [leftOut, setLeftOut] = useState<string[]>([]);

  const take = (files: FileWithPath[]) => {
    const pictures = namedLikePictures(files);
    setLeftOut(namesLeftOut(files));
    if (pictures.length > 0) onPictures(pictures);
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
    /** The files of a folder that were not taken for pictures, by name. */
    leftOut,
    open,
    take,
  };
};
