import { Button, type ButtonProps } from '@mantine/core';
import { useRef } from 'react';

import { FileField, type FileFieldProps } from '@/features/classify/components/file-field';

interface Props extends ButtonProps, Pick<FileFieldProps, 'onFiles'> {
  /** Attributes for the file input. */
  input: Omit<FileFieldProps, 'onFiles'>;
}

/** A button that opens the browser's file chooser. */
export const FileButton = ({ input, onFiles, ...button }: Props) => {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onClick={() => field.current?.click()} />
      <FileField {...input} ref={field} onFiles={onFiles} />
    </>
  );
};
