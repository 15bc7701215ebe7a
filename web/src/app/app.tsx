import { RouterProvider, type RouterProviderProps } from 'react-router/dom';

import { Providers } from '@/app/providers';

export const App = ({ router }: Pick<RouterProviderProps, 'router'>) => (
  <Providers>
    <RouterProvider router={router} />
  </Providers>
);
