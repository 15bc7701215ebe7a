import { Switch } from '@mantine/core';

import { LONGEST_SIDE } from '@/features/classify/upload/scaled-size';
import { useSendOriginals } from '@/features/classify/upload/send-originals';
import { formatCount } from '@/lib/format';
import { useMessages } from '@/lib/messages';

/** A switch that determines whether large images are sent as they are or scaled down. */
export const OriginalSwitch = () => {
  const messages = useMessages();
  const [isOn, setIsOn] = useSendOriginals();
  return (
    <Switch
      label={messages.upload.originals}
      description={messages.upload.originalsExplained({ pixels: formatCount(LONGEST_SIDE) })}
      checked={isOn}
      onChange={({ currentTarget }) => {
        setIsOn(currentTarget.checked);
      }}
    />
  );
};
