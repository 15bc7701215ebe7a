import { render } from '@testing-library/react';
import type { ReactNode } from 'react';

import { Providers } from '@/app/providers';

/** Renders with all that the application lays around its pages. */
export const renderInApp = (page: ReactNode) => render(page, { wrapper: Providers });
