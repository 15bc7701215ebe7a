import { Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

import { MenuButton } from '@/components/answer/menu-button';
import type { Drawn } from '@/components/save-image/draw-answer';
import { useSaveImage } from '@/components/save-image/use-save-image';
import { ShareDialog } from '@/components/share/share-dialog';
import type { Classification } from '@/lib/api-client';
import { useMessages } from '@/lib/messages';
import { isShared } from '@/lib/shared-answer';

export interface MenuAction {
  name: string;
  onSelect: () => void;
}

interface Props {
  name: string;
  /** The answer. The menu cannot be opened without one. */
  answer: Classification | undefined;
  /** What is shown over the image. */
  drawn: Omit<Drawn, 'model'>;
  /** Looks for objects in the image. */
  onSearch: (() => void) | undefined;
  /** Shows or hides the outlines of objects, if there are any. */
  onShowObjects: ((areShown: boolean) => void) | undefined;
  /** Further items. */
  actions: MenuAction[] | undefined;
  /** Whether the menu opens as soon as it is shown. */
  opensAtOnce: boolean;
}

/** A menu with the actions for an answer that are needed less often. */
export const AnswerMenu = ({
  name,
  answer,
  drawn,
  onSearch,
  onShowObjects,
  actions,
  opensAtOnce,
}: Props) => {
  const messages = useMessages();
  const button = useRef<HTMLButtonElement>(null);
  const [isShareOpen, share] = useDisclosure(false);
  const { mutate: save, isPending: isSaving, error } = useSaveImage();
  useEffect(() => {
    if (!opensAtOnce) return;
    button.current?.focus({ preventScroll: true }); // the menu returns the focus to it
    button.current?.click();
  }, [opensAtOnce]);
  return (
    <>
      <Menu
        position="bottom-end"
        shadow="lg"
        radius="lg"
        withinPortal={false} // its items are part of the page's main content
        // While the page scrolls to the button, the menu would be hidden and could not be focused.
        hideDetached={false}
        withInitialFocusPlaceholder={false} // a menu contains nothing but its items
      >
        <Menu.Target>
          <MenuButton ref={button} disabled={!answer} />
        </Menu.Target>
        {answer && (
          <Menu.Dropdown>
            {!isShared(answer.id) && (
              <Menu.Item onClick={share.open}>{messages.share.button}</Menu.Item>
            )}
            <Menu.Item
              disabled={isSaving}
              onClick={() => {
                save({ name, answer, ...drawn });
              }}
            >
              {messages.saveImage.button}
            </Menu.Item>
            {onSearch && <Menu.Item onClick={onSearch}>{messages.foundObjects.find}</Menu.Item>}
            {onShowObjects && (
              <Menu.CheckboxItem
                closeMenuOnClick
                checked={drawn.areObjectsShown}
                onChange={onShowObjects}
              >
                {messages.object.show}
              </Menu.CheckboxItem>
            )}
            {actions?.map((action) => (
              <Menu.Item key={action.name} onClick={action.onSelect}>
                {action.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        )}
      </Menu>
      {answer && (
        <ShareDialog
          answer={answer}
          isOpen={isShareOpen}
          onClose={() => {
            share.close();
            button.current?.focus(); // the menu item that opened the dialog is gone
          }}
        />
      )}
      {error && (
        <Text role="alert" size="sm" w="100%">
          {messages.saveImage.failed({ reason: error.message })}
        </Text>
      )}
    </>
  );
};
