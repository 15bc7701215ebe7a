import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { StaticRouter } from 'react-router';

import { Component as AnswerPage } from '@/app/routes/answer';
import {
  DataPage,
  FiguresPage,
  KindsPage,
  LearnPage,
  NetworksPage,
  ObjectsPage,
} from '@/app/routes/learn';
import { Component as ModelsPage } from '@/app/routes/models';
import { Component as SharedPage } from '@/app/routes/shared';
import { theme } from '@/app/theme';
import { changeLanguage, type Language } from '@/lib/language';
import { createQueryClient } from '@/lib/query-client';

/** The pages whose static shell shows more than their heading. */
const PAGES: Record<string, ComponentType> = {
  answers: AnswerPage,
  shared: SharedPage,
  models: ModelsPage,
  learn: LearnPage,
  'learn/objects': ObjectsPage,
  'learn/kinds': KindsPage,
  'learn/networks': NetworksPage,
  'learn/figures': FiguresPage,
  'learn/data': DataPage,
};

/**
 * Returns the markup of a page as React first draws it, without data of the server; undefined for
 * pages that are not in `PAGES`. Runs when the page is built, see plugins/shell.ts.
 */
export const renderPage = async (path: string, language: Language): Promise<string | undefined> => {
  const Page = PAGES[path];
  if (Page === undefined) return undefined;
  await changeLanguage(language);
  return renderToStaticMarkup(
    <QueryClientProvider client={createQueryClient()}>
      <MantineProvider theme={theme} withGlobalClasses={false}>
        <StaticRouter location={`/${path}`}>
          <Page />
        </StaticRouter>
      </MantineProvider>
    </QueryClientProvider>,
  );
};
