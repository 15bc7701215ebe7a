import { NativeSelect } from '@mantine/core';

import classes from '@/features/history/components/filter-bar.module.css';
import type { Choice } from '@/features/history/filter';
import type { AnswerFilter } from '@/lib/answers';
import { messages } from '@/lib/messages';

interface Props {
  choices: Choice[];
  filter: AnswerFilter;
  onChange: (name: string, value: string) => void;
}

/** Which answers are shown, and in which order. */
export const FilterBar = ({ choices, filter, onChange }: Props) => (
  <div role="search" aria-label={messages.history.filter.title} className={classes.bar}>
    {choices.map(({ name, title, options }) => (
      <NativeSelect
        key={name}
        label={title}
        data={options}
        value={filter[name] ?? options[0]?.value ?? ''}
        onChange={({ currentTarget }) => {
          onChange(name, currentTarget.value);
        }}
      />
    ))}
  </div>
);
