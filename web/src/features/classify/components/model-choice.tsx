import { Box, Group, NativeSelect, SegmentedControl, Text } from '@mantine/core';

import classes from '@/features/classify/components/model-choice.module.css';
import { titleOf, useModels } from '@/lib/models';
import { ALL } from '@/lib/models';
import { messages } from '@/lib/messages';

interface Props {
  model: string;
  onChange: (model: string) => void;
}

const text = messages.models;

/** Which model is to answer: nothing to choose where there is but one. */
export const ModelChoice = ({ model, onChange }: Props) => {
  const { data: cards } = useModels();
  if (cards === undefined || cards.length < 2) {
    return (
      <Text c="dimmed" size="sm" className={classes.choice}>
        {cards && text.only(titleOf(cards, model))}
      </Text>
    );
  }
  const data = [
    ...cards.map(({ name, title }) => ({ value: name, label: title })),
    { value: ALL, label: text.all },
  ];
  return (
    <Group gap="sm" className={classes.choice}>
      <Text component="span" c="dimmed" size="sm" aria-hidden>
        {text.choice}
      </Text>
      <Box visibleFrom="sm">
        <SegmentedControl aria-label={text.choice} data={data} value={model} onChange={onChange} />
      </Box>
      <NativeSelect
        hiddenFrom="sm"
        flex={1}
        aria-label={text.choice}
        data={data}
        value={model}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.value);
        }}
      />
    </Group>
  );
};
