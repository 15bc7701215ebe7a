import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

import { ImageQueue } from '@/features/classify/image-queue';

const queues = new WeakMap<QueryClient, ImageQueue>();

const queueOf = (client: QueryClient): ImageQueue => {
  const queue = queues.get(client) ?? new ImageQueue(client);
  queues.set(client, queue);
  return queue;
};

/** The application's image queue and its state. */
export const useImageQueue = () => {
  const queue = queueOf(useQueryClient());
  return { queue, ...useSyncExternalStore(queue.subscribe, queue.getSnapshot) };
};
