import { Button, Group, SegmentedControl } from '@mantine/core';

import classes from '@/components/answer-list/list-bar.module.css';
import type { Verdict } from '@/lib/api-client';
import { formatCount } from '@/lib/format';
import { LAYOUTS, type ListLayout } from '@/lib/list-layout';
import { useMessages } from '@/lib/messages';

/** What a chip filters: a verdict, or images without a deep-sky object. */
export type Chip = Verdict | 'other';

export const CHIPS = ['confident', 'unsure', 'unfamiliar', 'other'] as const;

interface Props {
  counts: Partial<Record<Chip, number>>;
  chosen: (chip: Chip) => boolean;
  onChoose: (chip: Chip) => void;
  layout: ListLayout;
  onLayout: (layout: ListLayout) => void;
}

/** Chips with counts that filter a list, and the choice between grid and table. */
export const ListBar = ({ counts, chosen, onChoose, layout, onLayout }: Props) => {
  const messages = useMessages();
  const text = messages.list;
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs" role="group" aria-label={text.show}>
        {CHIPS.map((chip) => (
          <Button
            key={chip}
            size="compact-md"
            radius="xl"
            variant={chosen(chip) ? 'filled' : 'default'}
            aria-pressed={chosen(chip)}
            className={classes.chip}
            onClick={() => {
              onChoose(chip);
            }}
          >
            {chip === 'other' ? messages.labels.other : messages.verdicts[chip]}
            <span className={classes.count}>{formatCount(counts[chip] ?? 0)}</span>
          </Button>
        ))}
      </Group>
      <SegmentedControl
        size="xs"
        aria-label={text.layout}
        data={LAYOUTS.map((value) => ({ value, label: text.layouts[value] }))}
        value={layout}
        onChange={onLayout}
      />
    </Group>
  );
};

interface SelectionProps {
  count: number;
  total: number;
  isLoading?: boolean;
  onAll: () => void;
  onNone: () => void;
  onDelete: () => void;
}

/** Shows how many images are selected, and what can be done with them. */
export const SelectionBar = ({ count, total, isLoading, ...props }: SelectionProps) => {
  const text = useMessages().list;
  return (
    <div
      role="group"
      aria-label={text.selection}
      className={classes.selection}
      data-empty={count === 0 || undefined}
    >
      <span role="status">{count > 0 && text.selected({ count })}</span>
      {count > 0 && (
        <Group gap="xs">
          {count < total && (
            <Button
              size="compact-md"
              variant="default"
              loading={isLoading ?? false}
              onClick={props.onAll}
            >
              {text.selectAll({ count: total })}
            </Button>
          )}
          <Button size="compact-md" variant="default" onClick={props.onNone}>
            {text.selectNone}
          </Button>
          <Button size="compact-md" color="red.9" onClick={props.onDelete}>
            {text.delete}
          </Button>
        </Group>
      )}
    </div>
  );
};
