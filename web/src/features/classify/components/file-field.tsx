import type { InputHTMLAttributes, Ref } from 'react';

export interface FileFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  webkitdirectory?: string;
  ref?: Ref<HTMLInputElement>;
  onFiles: (files: File[]) => void;
}

/** A hidden file input. A click on it opens the browser's file chooser. */
export const FileField = ({ onFiles, ...input }: FileFieldProps) => (
  <input
    {...input}
    type="file"
    hidden
    onChange={({ currentTarget }) => {
      onFiles([...(currentTarget.files ?? [])]);
      currentTarget.value = ''; // allows the user to choose the same file again
    }}
  />
);
