import {
  api,
  type AnswerPage,
  type AnswerQuery,
  type Classification,
  dataOf,
} from '@/lib/api-client';

/** Which answers of this client to fetch, and in which order. */
export type AnswerFilter = Omit<AnswerQuery, 'cursor' | 'limit'>;

const MAX_PAGE_SIZE = 200;

/** The cursor of the next page; undefined after the last page. */
export const nextCursor = (page: AnswerPage): string | undefined => page.next_cursor ?? undefined;

export const fetchAnswers = (query: AnswerQuery, signal?: AbortSignal): Promise<AnswerPage> =>
  dataOf(
    api.GET('/api/v1/classifications', {
      params: { query },
      ...(signal !== undefined && { signal }),
    }),
  );

/** Fetches all pages of answers. */
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
