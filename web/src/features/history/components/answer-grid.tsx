import { Link } from 'react-router';

import { AnswerSummary } from '@/components/answer/answer-summary';
import { Thumbnail } from '@/components/answer/thumbnail';
import classes from '@/components/answer/tile.module.css';
import { feedbackText } from '@/lib/answer-text';
import type { AnswerSummary as Answer } from '@/lib/api-client';
import { formatDay } from '@/lib/format';
import { messages } from '@/lib/messages';

/** The state of the history list, restored when the user returns to the list. */
export interface ListState {
  /** The filters, as URL parameters. */
  search: string;
  scrollKey: string;
}

interface Props {
  answers: Answer[];
  titleOf: (model: string) => string;
  list: ListState;
  /** The id of the classification to focus. */
  focused: string | undefined;
}

const text = messages.history;

/** A grid of classifications. Each tile links to the page for one classification. */
export const AnswerGrid = ({ answers, titleOf, list, focused }: Props) => (
  <ul className={classes.grid} aria-label={text.title}>
    {answers.map((answer) => (
      <li key={answer.id}>
        <Link
          ref={answer.id === focused ? focus : null}
          to={`/answers/${answer.id}`}
          state={{ list }}
          className={classes.tile}
        >
          <Thumbnail id={answer.id} />
          <span className={classes.text}>
            <AnswerSummary answer={answer} />
            <span className={classes.small}>{feedbackText(answer.feedback)}</span>
            <span className={classes.name} title={answer.path}>
              {answer.path}
            </span>
            <span className={classes.small}>
              {text.by(titleOf(answer.model), formatDay(answer.created_at))}
            </span>
          </span>
        </Link>
      </li>
    ))}
  </ul>
);

const focus = (link: HTMLAnchorElement | null) => {
  link?.focus();
};
