import type { QueryClient } from '@tanstack/react-query';
import { RouterProvider, type RouterProviderProps } from 'react-router/dom';

import { Providers } from '@/app/providers';

interface Props extends Pick<RouterProviderProps, 'router'> {
  queryClient: QueryClient;
}

export const App = ({ router, queryClient }: Props) => (
  <Providers queryClient={queryClient}>
    <RouterProvider router={router} />
  </Providers>
);
