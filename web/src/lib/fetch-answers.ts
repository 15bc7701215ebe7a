import { type AnswerPage, type AnswerQuery, api, dataOf } from '@/lib/api-client';

/** The filters and the sort order for fetching this client's classifications. */
export type AnswerFilter = Omit<AnswerQuery, 'cursor' | 'limit'>;

/** Returns the cursor of the next page; undefined after the last page. */
export const nextCursor = (page: AnswerPage): string | undefined => page.next_cursor ?? undefined;

export const fetchAnswers = (query: AnswerQuery, signal?: AbortSignal): Promise<AnswerPage> =>
  dataOf(
    api.GET('/api/v1/classifications', {
      params: { query },
      ...(signal !== undefined && { signal }),
    }),
  );
