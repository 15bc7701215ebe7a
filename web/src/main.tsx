import 'virtual:mantine-styles';
import '@/app/global.css';
import '@/app/red.css';
import '@/app/forced-colors.css';
// The styles of the static shell; see plugins/shell.ts.
import '@/components/ui/page.module.css';
import '@/features/classify/components/classify-page.module.css';
import '@/features/classify/components/drop-prompt.module.css';
import '@/features/classify/components/model-choice.module.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from '@/app/app';
import { replaceOldAddress } from '@/app/old-address';
import { createRouter, preloadPages, whenInitialized } from '@/app/router';
import { registerServiceWorker } from '@/lib/register-service-worker';
import { whenIdle } from '@/lib/when-idle';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');

replaceOldAddress();
const router = createRouter();

// Not awaited, because the code of the pages waits until this module is evaluated.
void whenInitialized(router).then(() => {
  createRoot(root).render(
    <StrictMode>
      <App router={router} />
    </StrictMode>,
  );
  // The service worker then finds the code of the pages in the browser's cache.
  whenIdle(() => void preloadPages().then(registerServiceWorker));
});
