import { Button, type ButtonProps } from '@mantine/core';
import { type InputHTMLAttributes, useRef } from 'react';

interface Props extends ButtonProps {
  /** Attributes for the file input. */
  input: InputHTMLAttributes<HTMLInputElement> & { webkitdirectory?: string };
  onFiles: (files: File[]) => void;
}

/** A button that opens the browser's file chooser. */
export const FileButton = ({ input, onFiles, ...button }: Props) => {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onClick={() => field.current?.click()} />
      <input
        {...input}
        ref={field}
        type="file"
        hidden
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = ''; // allows the user to choose the same file again
        }}
      />
    </>
  );
};
