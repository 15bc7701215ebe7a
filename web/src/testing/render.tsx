import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';

import { Providers } from '@/app/providers';

/** Renders with all that the application lays around its pages. */
export const renderInApp = (page: ReactNode, path = '/') =>
  render(
    <Providers>
      <MemoryRouter initialEntries={[path]}>{page}</MemoryRouter>
    </Providers>,
  );
