import { NativeSelect } from '@mantine/core';

import classes from '@/features/history/components/filter-bar.module.css';
import type { FilterField } from '@/features/history/filter';
import type { AnswerFilter } from '@/lib/fetch-answers';
import { messages } from '@/lib/messages';

interface Props {
  fields: FilterField[];
  filter: AnswerFilter;
  onChange: (name: string, value: string) => void;
}

/** Controls for filtering and sorting the history. */
export const FilterBar = ({ fields, filter, onChange }: Props) => (
  <div role="search" aria-label={messages.history.filter.title} className={classes.bar}>
    {fields.map(({ name, title, options }) => (
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
