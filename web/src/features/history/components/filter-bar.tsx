import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useId, useState } from 'react';

import classes from '@/features/history/components/filter-bar.module.css';
import { type FilterField, TYPED } from '@/features/history/filter';
import type { AnswerFilter } from '@/lib/answer-pages';
import { useMessages } from '@/lib/messages';

interface Props {
  fields: FilterField[];
  filter: AnswerFilter;
  /** The URL parameters, which contain the text and the days. */
  params: URLSearchParams;
  onChange: (name: string, value: string) => void;
}

const PAUSE = 300;

/** Controls for searching, filtering and sorting the history. On phones, a button shows them. */
export const FilterBar = (props: Props) => {
  const text = useMessages().history.filter;
  const [isOpen, { toggle }] = useDisclosure(false);
  const fields = useId();
  return (
    <div role="search" aria-label={text.title} className={classes.bar}>
      <Button
        className={classes.toggle ?? ''}
        variant="default"
        radius="xl"
        w="fit-content"
        aria-expanded={isOpen}
        aria-controls={fields}
        onClick={toggle}
      >
        {text.show({ count: countActive(props) })}
      </Button>
      <div id={fields} className={classes.fields} data-open={isOpen || undefined}>
        <Fields {...props} />
      </div>
    </div>
  );
};

/** Returns the number of controls that are not at their default. */
const countActive = ({ fields, params }: Props): number =>
  [...fields.map(({ name }) => name), ...TYPED].filter((name) => params.get(name)).length;

const Fields = ({ fields, filter, params, onChange }: Props) => {
  const text = useMessages().history.filter;
  return (
    <>
      <SearchField
        value={params.get('text') ?? ''}
        onChange={(value) => {
          onChange('text', value);
        }}
      />
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
      {(['since', 'until'] as const).map((name) => (
        <TextInput
          key={name}
          type="date"
          label={text[name]}
          value={params.get(name) ?? ''}
          onChange={({ currentTarget }) => {
            onChange(name, currentTarget.value);
          }}
        />
      ))}
    </>
  );
};

interface SearchProps {
  value: string;
  onChange: (value: string) => void;
}

/** A search field that reports the text after a pause in typing. */
const SearchField = ({ value, onChange }: SearchProps) => {
  const messages = useMessages();
  const [typed, setTyped] = useState(value);
  const report = useDebouncedCallback(onChange, PAUSE);
  return (
    <TextInput
      type="search"
      label={messages.list.search}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        report(currentTarget.value);
      }}
    />
  );
};
