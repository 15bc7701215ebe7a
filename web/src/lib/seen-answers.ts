/**
 * The images of which this browser has shown an answer. A person's judgement is blind only if they
 * have not seen the answer before.
 */

const STORAGE_KEY = 'deepsky-seen';
const MAX_IMAGES = 2000;

const read = (): string[] => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
};

/** Remembers that an answer for an image has been shown. */
export const markSeen = (imageSha256: string): void => {
  const seen = read();
  if (seen.includes(imageSha256)) return;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...seen, imageSha256].slice(-MAX_IMAGES)));
  } catch {
    // Without storage, an answer may be judged that has been seen; the review still works.
  }
};

/** Returns whether this browser has shown an answer for an image. */
export const isSeen = (imageSha256: string): boolean => read().includes(imageSha256);
