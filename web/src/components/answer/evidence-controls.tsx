import { Button, Chip, Group, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';

import classes from '@/components/answer/evidence-controls.module.css';
import { HoldButton } from '@/components/answer/hold-button';
import { LearnLink } from '@/components/ui/learn-link';
import type { Classification, Label } from '@/lib/api-client';
import { colourOf, labelName, labelsOf } from '@/lib/labels';
import { useMessages } from '@/lib/messages';

/** Which evidence contours are shown over an image. */
export interface EvidenceView {
  shown: boolean;
  /** The class; by default, the predicted label. */
  label?: Label | undefined;
  /** Whether the contours are hidden while a button is held. */
  isHeld?: boolean;
}

interface Props {
  answer: Classification | undefined;
  view: EvidenceView;
  onChange: (view: EvidenceView) => void;
  /** Further controls in the same row. */
  children?: ReactNode;
}

/** The button that shows which parts of an image an answer is based on, and its options. */
export const EvidenceControls = ({ answer, view, onChange, children }: Props) => {
  const text = useMessages().evidence;
  const options = useId();
  return (
    <div className={classes.controls}>
      <div className={classes.buttons}>
        <Button
          disabled={!answer}
          variant={view.shown ? 'filled' : 'default'}
          radius="xl"
          aria-expanded={view.shown}
          aria-controls={options}
          onClick={() => {
            onChange({ ...view, shown: !view.shown, isHeld: false });
          }}
        >
          {text.why}
        </Button>
        {children}
      </div>
      <div id={options} className={classes.options} hidden={!answer || !view.shown}>
        {answer && <Options answer={answer} view={view} onChange={onChange} />}
      </div>
    </div>
  );
};

interface OptionsProps extends Props {
  answer: Classification;
}

const Options = ({ answer, view, onChange }: OptionsProps) => {
  const messages = useMessages();
  const text = messages.evidence;
  const name = useId();
  const labels = labelsOf(answer);
  const label = view.label ?? answer.label;
  return (
    <>
      <Text size="sm">
        {text.explained({ label: labelName(label) })}{' '}
        <LearnLink to="networks#evidence">{messages.learn.evidence}</LearnLink>
      </Text>
      <HoldButton
        onHold={(isHeld) => {
          onChange({ ...view, isHeld });
        }}
      >
        {text.hold}
      </HoldButton>
      <Chip.Group
        value={label}
        onChange={(chosen) => {
          onChange({ ...view, label: chosen });
        }}
      >
        <Group gap="xs" role="radiogroup" aria-label={text.label}>
          {labels.map((one) => (
            <Chip
              key={one}
              classNames={{ root: classes.chip }}
              name={name}
              value={one}
              size="xs"
              variant="outline"
              color={colourOf(one, labels)}
            >
              {labelName(one)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </>
  );
};
