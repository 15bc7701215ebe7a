import { Button, Group, Switch, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';

import type { ApiError, FoundObject } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';

interface Props {
  search: UseQueryResult<FoundObject[], ApiError>;
  areShown: boolean;
  isDisabled: boolean;
  onSearch: () => void;
  onShow: (areShown: boolean) => void;
}

/** A button that looks for objects in an image, and what it found. */
export const ObjectFinder = ({ search, areShown, isDisabled, onSearch, onShow }: Props) => {
  const text = useMessages().foundObjects;
  const { data: found, error, isFetching } = search;
  return (
    <Group gap="0.5rem 0.75rem" mt="xs">
      {found && found.length > 0 ? (
        <Switch
          label={text.show}
          checked={areShown}
          onChange={({ currentTarget }) => {
            onShow(currentTarget.checked);
          }}
        />
      ) : (
        !found && (
          <Button
            variant="default"
            radius="xl"
            disabled={isDisabled}
            loading={isFetching}
            onClick={onSearch}
          >
            {text.find}
          </Button>
        )
      )}
      <Text role="status" size="sm" c="dimmed" flex="1 1 14rem">
        {isFetching && text.searching}
        {!isFetching && error && text.failed({ reason: error.message })}
        {found && text.found({ count: found.length })}
        {found && found.length > 0 && ` ${text.explained}`}
      </Text>
    </Group>
  );
};
