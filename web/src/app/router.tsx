import { createBrowserRouter } from 'react-router';

import { ErrorPage } from '@/app/error-page';
import { Layout } from '@/app/layout';
import { Loading } from '@/app/loading';
import { ApiKeyGate } from '@/features/settings/components/api-key-gate';
import { basePath } from '@/lib/base-path';

/** The pages that need an API key if the server requires one. */
const PROTECTED_ROUTES = [
  {
    lazy: () => import('@/app/routes/classify'),
    children: [
      { index: true, element: null }, // drawn by the layout route
      { path: 'answers/:id', lazy: () => import('@/app/routes/answer') },
    ],
  },
  { path: 'history', lazy: () => import('@/app/routes/history') },
  { path: 'review', lazy: () => import('@/app/routes/review') },
  { path: 'models', lazy: () => import('@/app/routes/models') },
];

/** Loads a page about the subject. All of them are in one module, because each is small. */
const learnPage = (name: keyof typeof import('@/app/routes/learn')) => async () => ({
  Component: (await import('@/app/routes/learn'))[name],
});

const PUBLIC_ROUTES = [
  { path: 'learn', lazy: learnPage('LearnPage') },
  { path: 'learn/objects', lazy: learnPage('ObjectsPage') },
  { path: 'learn/kinds', lazy: learnPage('KindsPage') },
  { path: 'learn/networks', lazy: learnPage('NetworksPage') },
  { path: 'learn/figures', lazy: learnPage('FiguresPage') },
  { path: 'learn/data', lazy: learnPage('DataPage') },
  { path: 'shared/:token', lazy: () => import('@/app/routes/shared') },
  { path: '*', lazy: () => import('@/app/routes/not-found') },
];

/** Functions that load the code of all pages. */
const MODULES: (() => Promise<unknown>)[] = [
  () => import('@/app/routes/answer'),
  () => import('@/features/history/components/saved-answer'),
  () => import('@/features/share/components/shared-answer'),
  ...[...PROTECTED_ROUTES, ...PUBLIC_ROUTES].map(({ lazy }) => lazy),
  () => import('@/components/answer/answer-menu'),
  () => import('@/features/classify/components/image-list'),
  () => import('@/features/classify/components/image-result'),
  () => import('@/features/feedback/components/feedback-panel'),
  () => import('@/components/answer-list/undo-notice'),
  () => import('@/features/learn/components/evidence-demo'),
  () => import('@/features/learn/components/kind-images'),
  () => import('@/features/review/components/shortcuts-dialog'),
  () => import('@/features/settings/components/api-key-form'),
];

/**
 * Loads the code of every page in advance, so that all pages open even if the server goes down.
 *
 * The modules are loaded one after the other, so that they do not delay the images of the current
 * page. If a module fails to load, some browsers do not retry until the document is reloaded.
 */
export const preloadPages = async () => {
  for (const load of MODULES) await load().catch(() => undefined);
};

const ROUTES = [
  {
    Component: Layout,
    HydrateFallback: Loading,
    children: [
      {
        ErrorBoundary: ErrorPage,
        children: [
          {
            Component: ApiKeyGate,
            children: PROTECTED_ROUTES,
          },
          ...PUBLIC_ROUTES,
        ],
      },
    ],
  },
];

/**
 * Creates the router. The code of each page is loaded when the page is opened.
 *
 * Each page has a document, which loads the same code; see `server/page.py`.
 */
export const createRouter = () => createBrowserRouter(ROUTES, { basename: basePath });

type Router = ReturnType<typeof createRouter>;

/** Resolves when the code of the first page is loaded. Until then, the static shell is visible. */
export const whenInitialized = (router: Router): Promise<void> =>
  new Promise((resolve) => {
    if (router.state.initialized) {
      resolve();
      return;
    }
    const stop = router.subscribe(({ initialized }) => {
      if (!initialized) return;
      stop();
      resolve();
    });
  });
