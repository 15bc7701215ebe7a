import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useLayoutEffect } from 'react';

import { redTheme, theme } from '@/app/theme';
import { applyTheme, useRedBrightness, useTheme } from '@/lib/theme';

interface Props {
  queryClient: QueryClient;
  children: ReactNode;
}

export const Providers = ({ queryClient, children }: Props) => {
  const [chosen] = useTheme();
  const [redBrightness] = useRedBrightness();
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const scheme = { auto: system, light: 'light', dark: 'dark', red: 'dark' } as const;

  useLayoutEffect(() => {
    applyTheme(chosen, redBrightness);
  }, [chosen, redBrightness]);

  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={chosen === 'red' ? redTheme : theme}
        defaultColorScheme={scheme[chosen]}
        forceColorScheme={scheme[chosen]}
      >
        {children}
      </MantineProvider>
    </QueryClientProvider>
  );
};
