import { ActionIcon, Group, Modal, Switch, Text } from '@mantine/core';
import type OpenSeadragon from 'openseadragon';
import { type KeyboardEvent, type ReactNode, useCallback, useState } from 'react';
import { createPortal } from 'react-dom';

import { previewUrl } from '@/components/answer/image-urls';
import { ServerImage } from '@/components/ui/server-image';
import { openViewer } from '@/components/viewer/open-viewer';
import classes from '@/components/viewer/viewer-dialog.module.css';
import {
  pressKey,
  showFullSize,
  showWhole,
  zoomIn,
  zoomOut,
} from '@/components/viewer/viewer-keys';
import type { Classification } from '@/lib/api-client';
import { formatRoundPercent } from '@/lib/format';
import { useMessages } from '@/lib/messages';

type State = 'loading' | 'loaded' | 'failed';

interface Props {
  name: string;
  answer: Classification;
  /** Elements that fill the image, such as outlines and evidence. */
  layers?: ReactNode;
  onClose: () => void;
}

/** A dialog that fills the window and zooms into an image at full resolution. */
const ViewerDialog = ({ name, answer, layers, onClose }: Props) => {
  const messages = useMessages();
  const text = messages.viewer;
  const { id, width, height } = answer;
  const [viewer, setViewer] = useState<OpenSeadragon.Viewer>();
  const [overlay, setOverlay] = useState<HTMLElement>();
  const [state, setState] = useState<State>('loading');
  const [zoom, setZoom] = useState(0);
  const [areLayersShown, setAreLayersShown] = useState(true);
  const open = useCallback(
    (element: HTMLElement | null) => {
      if (element === null) return;
      const overlay = document.createElement('div');
      const viewer = openViewer({
        element,
        answer: { id, width, height },
        overlay,
        onLoaded: () => {
          setState((state) => (state === 'loading' ? 'loaded' : state));
        },
        onFailed: () => {
          setState('failed');
        },
        onZoom: setZoom,
      });
      // The dialog itself is focusable, and its keys move the view.
      viewer.canvas.tabIndex = -1;
      setViewer(viewer);
      setOverlay(overlay);
      return () => {
        viewer.destroy();
      };
    },
    [id, width, height],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || viewer === undefined) return;
    if (pressKey(viewer, event.key)) event.preventDefault();
  };
  const button = (label: string, symbol: string, key: string, act: typeof zoomIn) => (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={label}
      aria-keyshortcuts={key}
      title={`${label} (${key})`}
      onClick={() => {
        if (viewer) act(viewer);
      }}
    >
      <span aria-hidden>{symbol}</span>
    </ActionIcon>
  );

  return (
    <Modal.Root
      opened
      fullScreen
      onClose={onClose}
      transitionProps={{ duration: 0 }}
      onKeyDown={onKeyDown}
    >
      <Modal.Content classNames={{ content: classes.content }}>
        <div className={classes.header}>
          <Modal.Title className={classes.title}>{name}</Modal.Title>
          <Modal.CloseButton aria-label={text.close} size="lg" />
        </div>
        <div
          ref={open}
          role="img"
          aria-label={messages.imageAlt({ name })}
          className={classes.view}
          data-state={state}
        />
        {overlay &&
          createPortal(
            <div className={classes.layers}>
              {state !== 'loaded' && <ServerImage src={previewUrl(id)} alt="" />}
              {areLayersShown && layers}
            </div>,
            overlay,
          )}
        <Group className={classes.controls}>
          {button(text.zoomIn, '+', '+', zoomIn)}
          {button(text.zoomOut, '−', '-', zoomOut)}
          {button(text.whole, '⤢', '0', showWhole)}
          {button(text.fullSize, '1:1', '1', showFullSize)}
          <Text size="sm" className={classes.zoom}>
            {formatRoundPercent(zoom)}
          </Text>
          {layers && (
            <Switch
              label={text.layers}
              checked={areLayersShown}
              onChange={({ currentTarget }) => {
                setAreLayersShown(currentTarget.checked);
              }}
            />
          )}
          <Text size="sm" role="status" className={classes.status}>
            {state === 'loading' && text.loading}
            {state === 'failed' && text.failed}
          </Text>
        </Group>
      </Modal.Content>
    </Modal.Root>
  );
};

export default ViewerDialog;
