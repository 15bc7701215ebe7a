import OpenSeadragon from 'openseadragon';

import { tileSource } from '@/components/viewer/tile-source';
import { fullSizeZoom } from '@/components/viewer/viewer-keys';
import type { Classification } from '@/lib/api-client';

/** How many pixels of the screen a pixel of the image may cover. */
const MAX_ENLARGEMENT = 8;

const MAX_RETRIES = 3;
const RETRY_DELAY = 2_000;
const TIMEOUT = 60_000;

interface Options {
  element: HTMLElement;
  answer: Pick<Classification, 'id' | 'width' | 'height'>;
  /** An element that always covers the image exactly. */
  overlay: HTMLElement;
  /** Called when all tiles of the visible part are shown. */
  onLoaded: () => void;
  /** Called when a tile could not be loaded after several attempts. */
  onFailed: () => void;
  /** Called with the pixels of the screen that a pixel of the image covers. */
  onZoom: (zoom: number) => void;
}

/** Opens a viewer that zooms into the image; the caller must destroy it. */
export const openViewer = ({ element, answer, overlay, ...on }: Options): OpenSeadragon.Viewer => {
  const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const viewer = new OpenSeadragon.Viewer({
    element,
    tileSources: tileSource(answer),
    drawer: 'canvas',
    showNavigationControl: false,
    animationTime: isStill ? 0 : 0.4,
    maxZoomPixelRatio: MAX_ENLARGEMENT,
    visibilityRatio: 1,
    constrainDuringPan: true,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    tileRetryMax: MAX_RETRIES,
    tileRetryDelay: RETRY_DELAY,
    timeout: TIMEOUT,
  });
  viewer.addHandler('open', () => {
    allowFullSize(viewer);
    viewer.addOverlay({
      element: overlay,
      location: viewer.world.getItemAt(0).getBounds(),
    });
    viewer.world.getItemAt(0).addHandler('fully-loaded-change', ({ fullyLoaded }) => {
      if (fullyLoaded) on.onLoaded();
    });
    on.onZoom(pixelZoom(viewer));
  });
  viewer.addHandler('resize', () => {
    if (viewer.world.getItemCount() > 0) allowFullSize(viewer);
  });
  viewer.addHandler('update-viewport', () => {
    if (viewer.world.getItemCount() > 0) on.onZoom(pixelZoom(viewer));
  });
  viewer.addHandler('tile-load-failed', on.onFailed);
  // The keys are those of the dialog, which also work while a button has the focus.
  viewer.addHandler('canvas-key', (event) => {
    event.preventDefaultAction = true;
  });
  return viewer;
};

/** Limits the zoom to the whole image, or to its full size if it is smaller than the view. */
const allowFullSize = (viewer: OpenSeadragon.Viewer) => {
  const { viewport } = viewer;
  const minZoomImageRatio = Math.min(1, fullSizeZoom(viewer) / viewport.getHomeZoom());
  Object.assign(viewport, { minZoomImageRatio }); // its type lacks this option
};

const pixelZoom = ({ viewport, world }: OpenSeadragon.Viewer): number =>
  world.getItemAt(0).viewportToImageZoom(viewport.getZoom(true)) * window.devicePixelRatio;
