import type { CSSProperties } from 'react';
import { Link } from 'react-router';

import { VerdictBadge } from '@/components/answer/verdict-badge';
import { previewAddress } from '@/components/answer/picture-addresses';
import classes from '@/features/history/components/answer-grid.module.css';
import type { Classification, Feedback } from '@/lib/api-client';
import { formatDay } from '@/lib/format';
import { colourOf } from '@/lib/labels';
import { messages } from '@/lib/messages';

interface Props {
  answers: Classification[];
  /** What a model is called. */
  titleOf: (model: string) => string;
  /** What was asked for, to come back to. */
  search: string;
}

const text = messages.history;

/** Answers as tiles, each leading to its own page. */
export const AnswerGrid = ({ answers, titleOf, search }: Props) => (
  <ul className={classes.grid} aria-label={text.title}>
    {answers.map((answer) => (
      <li key={answer.id}>
        <Link to={`/history/${answer.id}`} state={{ search }} className={classes.tile}>
          <img
            src={previewAddress(answer.id)}
            alt=""
            loading="lazy"
            decoding="async"
            className={classes.picture}
          />
          <span className={classes.text}>
            <span
              className={classes.label}
              style={{ '--colour': colourOf(answer.label) } as CSSProperties}
            >
              {messages.labels[answer.label]}
            </span>
            <span>
              <VerdictBadge verdict={answer.verdict} size="md" />
            </span>
            <span className={classes.small}>{said(answer.feedback)}</span>
            <span className={`${classes.small ?? ''} ${classes.name ?? ''}`}>{answer.path}</span>
            <span className={classes.small}>
              {text.by(titleOf(answer.model), formatDay(answer.created_at))}
            </span>
          </span>
        </Link>
      </li>
    ))}
  </ul>
);

const said = (feedback: Feedback | null): string => {
  if (feedback === null) return text.said.nothing;
  if (feedback.verdict === 'correct') return text.said.right;
  return feedback.label === null
    ? text.said.wrong
    : text.said.label(messages.nouns[feedback.label]);
};
