import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';

import { useMessages } from '@/lib/messages';

const MAX_LENGTH = 2000;

interface Props {
  comment: string | null;
  /** Whether feedback is being saved. */
  isSaving: boolean;
  onSave: (comment: string | null) => void;
}

/** A field for an optional comment on a classification. */
export const CommentField = ({ comment, isSaving, onSave }: Props) => {
  const text = useMessages().feedback.comment;
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(comment ?? '');

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    setOpen(false);
    onSave(draft.trim() || null);
  };

  if (!open) {
    return (
      <Group gap="sm">
        {comment !== null && (
          <Text size="sm" flex="1 1 12rem" style={{ overflowWrap: 'anywhere' }}>
            {text.yours({ comment })}
          </Text>
        )}
        <Button
          size="compact-sm"
          variant="subtle"
          px={0}
          onClick={() => {
            setOpen(true);
          }}
        >
          {comment === null ? text.add : text.edit}
        </Button>
      </Group>
    );
  }
  return (
    <form onSubmit={save}>
      <Stack gap="xs">
        <Textarea
          label={text.label}
          rows={3}
          maxLength={MAX_LENGTH}
          ref={focus}
          value={draft}
          onChange={({ currentTarget }) => {
            setDraft(currentTarget.value);
          }}
        />
        <Group gap="xs">
          <Button type="submit" size="compact-md" disabled={isSaving}>
            {text.save}
          </Button>
          <Button
            variant="default"
            size="compact-md"
            onClick={() => {
              setOpen(false);
            }}
          >
            {text.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

const focus = (field: HTMLTextAreaElement | null) => {
  field?.focus();
};
