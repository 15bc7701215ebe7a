import { useWindowEvent } from '@mantine/hooks';
import { useState } from 'react';
import { useDropzone } from 'react-dropzone';

/** Takes one picture that is dropped, chosen or pasted. */
export const usePictureInput = (onPicture: (file: File) => void) => {
  const [rejected, setRejected] = useState(false);

  const take = (files: File[]) => {
    const [file] = files;
    setRejected(files.length > 1);
    if (file !== undefined && files.length === 1) onPicture(file);
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
    inputProps: getInputProps({ multiple: false, style: { display: 'none' } }),
    isDragActive,
    rejected,
    open,
  };
};
