import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';

import { Providers } from '@/app/providers';
import { createQueryClient } from '@/lib/query-client';

/** Renders a page with the application's providers and an in-memory router. */
export const renderInApp = (page: ReactNode, path = '/') =>
  render(
    <Providers queryClient={createQueryClient()}>
      <MemoryRouter initialEntries={[path]}>{page}</MemoryRouter>
    </Providers>,
  );
