import { formatTime } from '@/lib/format';
import { currentMessages } from '@/lib/messages';

/** Says when the first and the last of several answers were given. */
export const answeredText = (firstTime: string, lastTime: string): string => {
  const text = currentMessages().list;
  const [first, last] = [formatTime(firstTime), formatTime(lastTime)];
  return first === last ? text.time({ time: first }) : text.times({ first, last });
};
