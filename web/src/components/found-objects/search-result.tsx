import { Group, Switch, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import type { ApiError, FoundObject } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';

interface Props {
  search: UseQueryResult<FoundObject[], ApiError>;
  areShown: boolean;
  onShow: (areShown: boolean) => void;
}

/** The progress and the result of a search for objects in an image. */
export const SearchResult = ({ search, areShown, onShow }: Props) => {
  const text = useMessages().foundObjects;
  const { data: found, error, isFetching } = search;
  const hasFound = found !== undefined && found.length > 0;
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFetching || found) result.current?.scrollIntoView({ block: 'nearest' });
  }, [isFetching, found]);
  return (
    <Group ref={result} gap="0.5rem 0.75rem" mt={isFetching || error || found ? 'xs' : 0}>
      {hasFound && (
        <Switch
          label={text.show}
          checked={areShown}
          onChange={({ currentTarget }) => {
            onShow(currentTarget.checked);
          }}
        />
      )}
      <Text role="status" size="sm" c="dimmed" flex="1 1 14rem">
        {isFetching && text.searching}
        {!isFetching && error && text.failed({ reason: error.message })}
        {found && text.found({ count: found.length })}
        {hasFound && ` ${text.explained}`}
      </Text>
    </Group>
  );
};
