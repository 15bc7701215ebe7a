import { ActionIcon, Chip, Group, Slider, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';

import classes from '@/components/answer/evidence-controls.module.css';
import { LearnLink } from '@/components/ui/learn-link';
import type { Label } from '@/lib/api-client';
import { formatRoundPercent } from '@/lib/format';
import { colourOf, labelName } from '@/lib/labels';
import { messages } from '@/lib/messages';

/** The display settings for the evidence overlay; `label` defaults to the predicted label. */
export interface EvidenceView {
  shown: boolean;
  opacity: number;
  label?: Label | undefined;
}

interface Props {
  view: EvidenceView;
  /** The labels of the model. */
  labels: readonly Label[];
  onChange: (view: EvidenceView) => void;
  disabled: boolean;
  /** Whether the options are initially shown on narrow screens. */
  areOptionsShown?: boolean;
  /** A switch for another layer over the image. */
  children?: ReactNode;
}

const text = messages.evidence;

export const EvidenceControls = ({
  view,
  labels,
  onChange,
  disabled,
  areOptionsShown = false,
  children,
}: Props) => {
  const name = useId();
  const [areOptionsOpen, options] = useDisclosure(areOptionsShown);
  const isInactive = disabled || !view.shown;
  return (
    <div className={classes.controls} data-open={areOptionsOpen}>
      <Group className={classes.switches}>
        <Switch
          label={text.show}
          checked={view.shown}
          disabled={disabled}
          onChange={({ currentTarget }) => {
            onChange({ ...view, shown: currentTarget.checked });
          }}
        />
        {children}
        {/* On narrow screens, the options are hidden so that the answer is higher on the page. */}
        <ActionIcon
          className={classes.more}
          variant="default"
          aria-label={text.options}
          aria-expanded={areOptionsOpen}
          onClick={options.toggle}
        >
          <span aria-hidden>{areOptionsOpen ? '▴' : '▾'}</span>
        </ActionIcon>
      </Group>
      <Group gap="sm" className={classes.opacity}>
        <Text size="sm" c="dimmed" aria-hidden>
          {text.opacityShort}
        </Text>
        <Slider
          flex={1}
          thumbLabel={text.opacity}
          label={formatRoundPercent}
          min={0}
          max={1}
          step={0.05}
          value={view.opacity}
          disabled={isInactive}
          onChange={(opacity) => {
            onChange({ ...view, opacity });
          }}
        />
      </Group>
      <Chip.Group
        value={view.label ?? null}
        onChange={(label) => {
          onChange({ ...view, label });
        }}
      >
        <Group gap="xs" role="radiogroup" aria-label={text.label} className={classes.labels}>
          {labels.map((one) => (
            <Chip
              key={one}
              classNames={{ root: classes.chip }}
              name={name}
              value={one}
              size="xs"
              variant="outline"
              color={colourOf(one, labels)}
              disabled={isInactive}
            >
              {labelName(one)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Text size="xs" c="dimmed" className={classes.explained}>
        {text.explained} <LearnLink to="networks#evidence">{messages.learn.evidence}</LearnLink>
      </Text>
    </div>
  );
};
