import { Button, type ButtonProps } from '@mantine/core';
import { type InputHTMLAttributes, useRef } from 'react';

interface Props extends ButtonProps {
  /** What tells the browser how files are chosen. */
  input: InputHTMLAttributes<HTMLInputElement> & { webkitdirectory?: string };
  onFiles: (files: File[]) => void;
}

/** A button that has the browser ask for files. */
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
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
    </>
  );
};
