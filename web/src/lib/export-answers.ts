import { useMutation } from '@tanstack/react-query';

import type { AnswerFilter } from '@/lib/answer-pages';
import { api, type ApiError, dataOf } from '@/lib/api-client';
import { saveFile } from '@/lib/save-file';

export type ExportFormat = 'csv' | 'json';

/** What to export: the answers that match a filter, or those with these ids, in this order. */
export type Selection = { filter: AnswerFilter } | { ids: string[] };

interface Variables {
  selection: Selection;
  format: ExportFormat;
}

/** Downloads answers as a file that the server writes. */
export const useExport = () =>
  useMutation<undefined, ApiError, Variables>({
    mutationFn: async ({ selection, format }) => {
      saveFile(await dataOf(exportAnswers(selection, format)), `deepsky.${format}`);
    },
  });

const exportAnswers = (selection: Selection, format: ExportFormat) =>
  'ids' in selection
    ? api.POST('/api/v1/classifications/export', {
        body: { ids: selection.ids, format },
        parseAs: 'blob',
      })
    : api.GET('/api/v1/classifications/export', {
        params: { query: { ...selection.filter, format } },
        parseAs: 'blob',
      });
