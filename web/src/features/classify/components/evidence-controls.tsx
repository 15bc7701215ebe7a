import { Chip, Group, Slider, Switch, Text } from '@mantine/core';

import classes from '@/features/classify/components/evidence-controls.module.css';
import type { Label } from '@/lib/api-client';
import { formatRoundShare } from '@/lib/format';
import { colourOf, LABELS } from '@/lib/labels';
import { messages } from '@/lib/messages';

export interface EvidenceView {
  shown: boolean;
  opacity: number;
  label?: Label;
}

interface Props {
  view: EvidenceView;
  label: Label | undefined;
  onChange: (view: EvidenceView) => void;
  disabled: boolean;
}

export const EvidenceControls = ({ view, label, onChange, disabled }: Props) => {
  const idle = disabled || !view.shown;
  return (
    <div className={classes.controls}>
      <Group justify="space-between" gap="md">
        <Switch
          label={messages.evidence.show}
          checked={view.shown}
          disabled={disabled}
          onChange={({ currentTarget }) => {
            onChange({ ...view, shown: currentTarget.checked });
          }}
        />
        <Slider
          className={classes.opacity}
          thumbProps={{ 'aria-label': messages.evidence.opacity }}
          label={formatRoundShare}
          min={0}
          max={1}
          step={0.05}
          value={view.opacity}
          disabled={idle}
          onChange={(opacity) => {
            onChange({ ...view, opacity });
          }}
        />
      </Group>
      <Chip.Group
        value={label ?? null}
        onChange={(chosen) => {
          onChange({ ...view, label: chosen });
        }}
      >
        <Group gap="xs" role="radiogroup" aria-label={messages.evidence.label}>
          {LABELS.map((one) => (
            <Chip key={one} value={one} size="xs" disabled={idle} color={colourOf(one)} variant="outline">
              {messages.labels[one]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Text size="xs" c="dimmed">
        {messages.evidence.explained}
      </Text>
    </div>
  );
};
