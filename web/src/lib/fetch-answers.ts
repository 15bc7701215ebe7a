import {
  type AnswerPage,
  type AnswerQuery,
  api,
  type Classification,
  dataOf,
} from '@/lib/api-client';

/** The filters and the sort order for fetching this client's classifications. */
export type AnswerFilter = Omit<AnswerQuery, 'cursor' | 'limit'>;

const MAX_PAGE_SIZE = 200;

/** Returns the cursor of the next page; undefined after the last page. */
export const nextCursor = (page: AnswerPage): string | undefined => page.next_cursor ?? undefined;

export const fetchAnswers = (query: AnswerQuery, signal?: AbortSignal): Promise<AnswerPage> =>
  dataOf(
    api.GET('/api/v1/classifications', {
      params: { query },
      ...(signal !== undefined && { signal }),
    }),
  );

/** Fetches all of this client's classifications, page by page. */
export const fetchAllAnswers = async (filter: AnswerFilter): Promise<Classification[]> => {
  const answers: Classification[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchAnswers({
      ...filter,
      limit: MAX_PAGE_SIZE,
      ...(cursor !== undefined && { cursor }),
    });
    answers.push(...page.items);
    cursor = nextCursor(page);
  } while (cursor !== undefined);
  return answers;
};
