import { createHashRouter } from 'react-router';

import { Broken } from '@/app/broken';
import { Layout } from '@/app/layout';
import { Loading } from '@/app/loading';
import { ClassifyRoute } from '@/app/routes/classify';
import { KeyGate } from '@/features/settings/components/key-gate';

/** The pages that need a key where the server asks for one. */
const KEYED = [
  { path: 'history', lazy: () => import('@/app/routes/history') },
  { path: 'history/:id', lazy: () => import('@/app/routes/answer') },
  { path: 'review', lazy: () => import('@/app/routes/review') },
  { path: 'models', lazy: () => import('@/app/routes/models') },
];

const OPEN = [
  { path: 'learn', lazy: () => import('@/app/routes/learn') },
  { path: 'learn/objects', lazy: () => import('@/app/routes/learn-objects') },
  { path: 'learn/networks', lazy: () => import('@/app/routes/learn-networks') },
  { path: 'learn/figures', lazy: () => import('@/app/routes/learn-figures') },
  { path: 'learn/data', lazy: () => import('@/app/routes/learn-data') },
  { path: '*', lazy: () => import('@/app/routes/not-found') },
];

/**
 * Fetches every page, so that each can be gone to when the server is away.
 *
 * What could not be fetched once, a browser may not fetch again before the whole is loaded anew.
 */
export const fetchPages = () => Promise.allSettled([...KEYED, ...OPEN].map(({ lazy }) => lazy()));

/**
 * The pages, each but the first fetched when it is gone to, if not before.
 *
 * Their addresses stand behind a `#`: the server knows one page, and any of them can be reloaded.
 */
export const router = createHashRouter([
  {
    Component: Layout,
    HydrateFallback: Loading,
    children: [
      {
        ErrorBoundary: Broken,
        children: [
          {
            Component: KeyGate,
            children: [{ index: true, Component: ClassifyRoute }, ...KEYED],
          },
          ...OPEN,
        ],
      },
    ],
  },
]);
