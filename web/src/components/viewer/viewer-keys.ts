import OpenSeadragon from 'openseadragon';

const ZOOM_STEP = 1.5;
/** The part of the view by which an arrow key moves it. */
const PAN_STEP = 0.2;

const zoomBy = (factor: number) => (viewer: OpenSeadragon.Viewer) => {
  viewer.viewport.zoomBy(factor);
  viewer.viewport.applyConstraints();
};

const panBy = (right: number, down: number) => (viewer: OpenSeadragon.Viewer) => {
  const { width, height } = viewer.viewport.getBounds();
  viewer.viewport.panBy(new OpenSeadragon.Point(right * width, down * height).times(PAN_STEP));
  viewer.viewport.applyConstraints();
};

export const zoomIn = zoomBy(ZOOM_STEP);
export const zoomOut = zoomBy(1 / ZOOM_STEP);

export const showWhole = (viewer: OpenSeadragon.Viewer): void => {
  viewer.viewport.goHome();
};

/** Returns the zoom at which one pixel of the image is one pixel of the screen. */
export const fullSizeZoom = ({ world }: OpenSeadragon.Viewer): number =>
  world.getItemAt(0).imageToViewportZoom(1 / window.devicePixelRatio);

/** Shows the image at its full size. */
export const showFullSize = (viewer: OpenSeadragon.Viewer): void => {
  viewer.viewport.zoomTo(fullSizeZoom(viewer));
  viewer.viewport.applyConstraints();
};

const KEYS: Record<string, (viewer: OpenSeadragon.Viewer) => void> = {
  '+': zoomIn,
  '=': zoomIn, // “+” without Shift on many keyboards
  '-': zoomOut,
  '0': showWhole,
  '1': showFullSize,
  ArrowLeft: panBy(-1, 0),
  ArrowRight: panBy(1, 0),
  ArrowUp: panBy(0, -1),
  ArrowDown: panBy(0, 1),
};

/** Carries out a key of the viewer, and returns whether it is one. */
export const pressKey = (viewer: OpenSeadragon.Viewer, key: string): boolean => {
  KEYS[key]?.(viewer);
  return key in KEYS;
};
