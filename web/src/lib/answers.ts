import {
  api,
  type AnswerPage,
  type AnswerQuery,
  type Classification,
  dataOf,
} from '@/lib/api-client';

/** Which of one's own answers, and in which order. */
export type AnswerFilter = Omit<AnswerQuery, 'cursor' | 'limit'>;

const MOST_AT_ONCE = 200;

/** How the next page is asked for; undefined after the last. */
export const nextCursor = (page: AnswerPage): string | undefined => page.next_cursor ?? undefined;

export const fetchAnswers = (query: AnswerQuery, signal?: AbortSignal): Promise<AnswerPage> =>
  dataOf(
    api.GET('/api/v1/classifications', {
      params: { query },
      ...(signal !== undefined && { signal }),
    }),
  );

/** All of one's own answers, page after page. */
export const fetchAllAnswers = async (filter: AnswerFilter): Promise<Classification[]> => {
  const answers: Classification[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchAnswers({
      ...filter,
      limit: MOST_AT_ONCE,
      ...(cursor !== undefined && { cursor }),
    });
    answers.push(...page.items);
    cursor = nextCursor(page);
  } while (cursor !== undefined);
  return answers;
};
