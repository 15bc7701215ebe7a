import { Button, Group, Input, Skeleton, Slider, Table, Text } from '@mantine/core';
import { useState } from 'react';

import { Histogram } from '@/components/stretch/histogram';
import { isAutomatic, type Midtones, midtonesOf, stretchOf } from '@/components/stretch/midtones';
import classes from '@/components/stretch/stretch.module.css';
import { useChangeStretch, useInspection } from '@/components/stretch/use-stretch';
import { ProblemMessage } from '@/components/ui/problem-message';
import type { Classification } from '@/lib/api-client';
import { formatNumber } from '@/lib/format';
import { useMessages } from '@/lib/messages';

/** Shows the histogram, the controls of the stretch, and the header of a linear image. */
const StretchPanel = ({ answer }: { answer: Classification }) => {
  const text = useMessages().stretch;
  const stretch = answer.stretch ?? 'mtf';
  const [midtones, setMidtones] = useState<Midtones>(midtonesOf(stretch));
  const { data, error, refetch } = useInspection(answer.id);
  const { mutate, isPending, error: failure } = useChangeStretch(answer);
  const change = (changed: Midtones) => {
    setMidtones(changed);
    mutate(stretchOf(changed));
  };
  return (
    <div className={classes.panel}>
      {error && <ProblemMessage error={error} onRetry={() => void refetch()} />}
      {data && <Histogram histogram={data.histogram} shadows={midtones.shadows} />}
      {!data && !error && <Skeleton height="8rem" aria-busy />}
      <Input.Wrapper label={text.background} description={formatNumber(midtones.background, 2)}>
        <Slider
          thumbLabel={text.background}
          label={null}
          min={0.02}
          max={0.6}
          step={0.01}
          value={midtones.background}
          disabled={isPending}
          onChange={(background) => {
            setMidtones({ ...midtones, background });
          }}
          onChangeEnd={(background) => {
            change({ ...midtones, background });
          }}
        />
      </Input.Wrapper>
      <Input.Wrapper label={text.shadows} description={formatNumber(midtones.shadows, 1)}>
        <Slider
          thumbLabel={text.shadows}
          label={null}
          min={0}
          max={10}
          step={0.1}
          value={midtones.shadows}
          disabled={isPending}
          onChange={(shadows) => {
            setMidtones({ ...midtones, shadows });
          }}
          onChangeEnd={(shadows) => {
            change({ ...midtones, shadows });
          }}
        />
      </Input.Wrapper>
      <Group>
        <Text size="sm" role="status">
          {isPending && text.classifying}
          {!isPending && (isAutomatic(stretch) ? text.explained : text.chosen)}
        </Text>
        {!isAutomatic(stretch) && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={isPending}
            onClick={() => {
              mutate('auto');
            }}
          >
            {text.automatic}
          </Button>
        )}
      </Group>
      {failure && (
        <ProblemMessage
          error={failure}
          onRetry={() => {
            mutate(stretchOf(midtones));
          }}
        />
      )}
      {data && data.header.length > 0 && (
        <div className={classes.header} role="region" aria-label={text.header} tabIndex={0}>
          <Table>
            <Table.Caption>
              {data.header.length === data.rows
                ? text.rows({ count: data.rows })
                : text.firstRows({ shown: data.header.length, count: data.rows })}
            </Table.Caption>
            <Table.Tbody>
              {data.header.map(({ keyword, value, comment }, index) => (
                <Table.Tr key={index}>
                  <Table.Th scope="row">{keyword}</Table.Th>
                  <Table.Td>{value}</Table.Td>
                  <Table.Td c="dimmed">{comment}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </div>
  );
};

export default StretchPanel;
