import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import {
  NavigationType,
  useLocation,
  useMatch,
  useNavigate,
  useNavigationType,
  useSearchParams,
} from 'react-router';

import { findAnsweredImage } from '@/features/classify/api/image-answers';
import type { QueuedImage } from '@/features/classify/queued-image';

/** The URL parameter that contains the id of the open image while it has no answer. */
const IMAGE_PARAM = 'image';

/** The history state of the home page after the user chose images there. */
interface HomeState {
  hasNewImages?: boolean;
}

/** The path of the page of an answer. */
const pathOf = (answerId: string): string => `/answers/${answerId}`;

/**
 * Selects the image that the “Classify” page shows, by the address of the page.
 *
 * As soon as the open image has an answer, the address is that of the answer, so that the browser
 * finds it again after a reload, with “Back”, and in its bookmarks. “Back” from the answer of a
 * single image leads to the start page.
 */
export const useAnswerAddress = (images: readonly QueuedImage[]) => {
  const queryClient = useQueryClient();
  const location = useLocation();
  const navigate = useNavigate();
  const isPop = useNavigationType() === NavigationType.Pop;
  const [params] = useSearchParams();
  const answerId = useMatch('/answers/:id')?.params.id;

  const isList = images.length > 1;
  const [single] = images;
  const isAnswered = single?.status.name === 'answered';
  const [arrival, setArrival] = useState({ key: location.key, isAnswered });
  if (arrival.key !== location.key) setArrival({ key: location.key, isAnswered });
  const { hasNewImages } = (location.state ?? {}) as HomeState;
  const isStart =
    !isList && !answerId && isPop && !hasNewImages && arrival.isAnswered && isAnswered;

  const openId = answerId
    ? findAnsweredImage(queryClient, answerId)
    : Number(params.get(IMAGE_PARAM));
  const listed = isList ? images.find(({ id }) => id === openId) : single;
  const openImage = isStart ? undefined : listed;

  const isGone = answerId !== undefined && openImage === undefined;
  useEffect(() => {
    if (isGone) void navigate('/', { replace: true });
  }, [isGone, navigate]);

  return {
    isList,
    isStart,
    openImage,
    /** Opens an image of the list. */
    open: useCallback(
      (id: number, options: { replace?: boolean } = {}) => {
        void navigate(`/?${IMAGE_PARAM}=${id}`, { preventScrollReset: true, ...options });
      },
      [navigate],
    ),
    /** Shows the list, or the new image. */
    showAll: () => {
      void navigate('/', {
        preventScrollReset: true,
        state: { hasNewImages: true } satisfies HomeState,
      });
    },
    /** Called with the id of the answer that is shown. */
    onAnswerShown: useCallback(
      (id: string) => {
        if (id !== answerId) void navigate(pathOf(id), { replace: true, preventScrollReset: true });
      },
      [answerId, navigate],
    ),
  };
};

/**
 * Returns whether an answer belongs to an image on the “Classify” page. It is decided when the
 * address changes, so that the page remains while an image is replaced.
 */
export const useIsQueued = (answerId: string | undefined): boolean => {
  const queryClient = useQueryClient();
  const { key } = useLocation();
  const isQueued = () =>
    answerId === undefined || findAnsweredImage(queryClient, answerId) !== undefined;
  const [decision, setDecision] = useState(() => ({ key, isQueued: isQueued() }));
  if (decision.key === key) return decision.isQueued;
  const next = { key, isQueued: isQueued() };
  setDecision(next);
  return next.isQueued;
};
