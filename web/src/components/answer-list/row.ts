import type { ReactNode } from 'react';

import type { AnswerSummary } from '@/lib/api-client';

/** An image in a list, with its answers. */
export interface Row {
  key: string;
  name: string;
  /** The answers of one or several models; undefined if there are none yet. */
  answers: AnswerSummary[] | undefined;
  /** Whether the models differ. */
  differs?: boolean;
  /** The content in place of the answers while there are none. */
  status?: ReactNode;
}

/** The properties of the element that opens an image. */
export interface OpenProps {
  className: string | undefined;
  'data-item': number;
  children: ReactNode;
}

/** What a list does with an image. */
export interface RowActions {
  /** Renders the link or button that opens the image. */
  renderOpen: (row: Row, props: OpenProps) => ReactNode;
  renderThumbnail: (row: Row) => ReactNode;
  /** Renders a button in the corner. */
  renderAction?: ((row: Row) => ReactNode) | undefined;
  titleOf: (model: string) => string;
}
