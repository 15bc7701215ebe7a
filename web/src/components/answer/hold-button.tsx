import { Button } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';

interface Props {
  /** Called when the button is pressed and when it is released. */
  onHold: (isHeld: boolean) => void;
  children: string;
}

const KEYS = new Set([' ', 'Enter']);

/** A button that acts while it is held, with a pointer or a key. */
export const HoldButton = ({ onHold, children }: Props) => {
  const [isHeld, setIsHeld] = useState(false);
  const hold = (held: boolean) => {
    if (held === isHeld) return;
    setIsHeld(held);
    onHold(held);
  };
  const release = () => {
    hold(false);
  };
  const holdOnKey = (held: boolean) => (event: KeyboardEvent) => {
    if (!KEYS.has(event.key)) return;
    event.preventDefault(); // the space key would scroll the page
    hold(held);
  };
  return (
    <Button
      variant="default"
      size="compact-md"
      w="fit-content"
      aria-pressed={isHeld}
      style={{ touchAction: 'none', userSelect: 'none', WebkitTouchCallout: 'none' }}
      onPointerDown={() => {
        hold(true);
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => {
        event.preventDefault(); // a long press would open a menu
      }}
      onKeyDown={holdOnKey(true)}
      onKeyUp={holdOnKey(false)}
      onBlur={release}
    >
      {children}
    </Button>
  );
};
