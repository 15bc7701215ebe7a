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
import { createQueryClient } from '@/lib/query-client';
import { registerServiceWorker } from '@/lib/register-service-worker';
import { whenFetched } from '@/lib/when-fetched';
import { whenIdle } from '@/lib/when-idle';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');

replaceOldAddress();
const router = createRouter();
const queryClient = createQueryClient();

// Not awaited, because the code of the pages waits until this module is evaluated.
void whenInitialized(router).then(() => {
  createRoot(root).render(
    <StrictMode>
      <App router={router} queryClient={queryClient} />
    </StrictMode>,
  );
  // The other pages wait for the data of this one. The service worker then finds their code in the
  // browser's cache.
  whenIdle(() => void whenFetched(queryClient).then(preloadPages).then(registerServiceWorker));
});
