import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';

import { Providers } from '@/app/providers';
import { createRouter } from '@/app/router';

export const App = () => {
  const [router] = useState(createRouter);
  return (
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  );
};
