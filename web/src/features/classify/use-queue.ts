import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

import { Queue } from '@/features/classify/queue';

const queues = new WeakMap<QueryClient, Queue>();

const queueOf = (client: QueryClient): Queue => {
  const queue = queues.get(client) ?? new Queue(client);
  queues.set(client, queue);
  return queue;
};

/** The images that are to be classified: the same wherever the application asks for them. */
export const useQueue = () => {
  const queue = queueOf(useQueryClient());
  return { queue, ...useSyncExternalStore(queue.subscribe, queue.current) };
};
