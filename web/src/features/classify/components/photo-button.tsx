import type { ButtonProps } from '@mantine/core';

import { FileButton } from '@/features/classify/components/file-button';
import classes from '@/features/classify/components/photo-button.module.css';
import { useMessages } from '@/lib/messages';

interface Props extends ButtonProps {
  onPhoto: (files: File[]) => void;
}

/** The attributes of a file input that opens the camera. */
export const CAMERA = { accept: 'image/*', capture: 'environment' } as const;

/** A button that opens the camera; shown only on phones and tablets. */
export const PhotoButton = ({ onPhoto, ...button }: Props) => {
  const messages = useMessages();
  return (
    <FileButton {...button} className={classes.photo} input={CAMERA} onFiles={onPhoto}>
      {messages.drop.photo}
    </FileButton>
  );
};
