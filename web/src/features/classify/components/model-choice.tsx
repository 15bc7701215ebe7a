import { Anchor, Box, Group, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { Link } from 'react-router';

import { ProblemMessage } from '@/components/ui/problem-message';
import classes from '@/features/classify/components/model-choice.module.css';
import { useMessages } from '@/lib/messages';
import { ALL, titleOf, useModels } from '@/lib/models';
import { useOffline } from '@/lib/offline';

interface Props {
  model: string;
  onChange: (model: string) => void;
}

/**
 * Controls for selecting the model. If only one model is installed, only the model name is shown.
 */
export const ModelChoice = ({ model, onChange }: Props) => {
  const text = useMessages().models;
  const { data: models, error, refetch } = useModels();
  const isOffline = useOffline();
  // Without a connection, the page says so once, above.
  if (error && !isOffline) return <ProblemMessage error={error} onRetry={() => void refetch()} />;
  if (models === undefined || models.length < 2) {
    return (
      <Text c="dimmed" size="sm" className={classes.choice}>
        {models && text.only({ model: titleOf(models, model) })}
      </Text>
    );
  }
  const data = [
    ...models.map(({ name, title }) => ({ value: name, label: title })),
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
        flex="1 1 13rem"
        aria-label={text.choice}
        data={data}
        value={model}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.value);
        }}
      />
      <Anchor component={Link} to="/models" size="sm">
        {text.which}
      </Anchor>
    </Group>
  );
};
