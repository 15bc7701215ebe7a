import { Skeleton, Stack } from '@mantine/core';

import sheet from '@/components/answer/answer-sheet.module.css';
import controls from '@/components/answer/evidence-controls.module.css';
import stage from '@/components/answer/image-stage.module.css';
import { previewUrl } from '@/components/answer/image-urls';
import { ServerImage } from '@/components/ui/server-image';

/**
 * Takes the place of an answer until it and its code are loaded, so that the layout does not shift.
 * The image is loaded meanwhile; in the static shell, which knows no id, by `public/start.js`.
 */
export const AnswerSheetPlaceholder = ({ id }: { id: string }) => (
  <section className={sheet.sheet} data-answer-sheet aria-busy>
    <div className={sheet.parts}>
      <div className={sheet.head}>
        <Stack gap="md">
          <Skeleton height="2rem" radius="lg" />
          <Skeleton height="3.5rem" radius="lg" />
        </Stack>
      </div>
      <div className={sheet.image}>
        <figure className={stage.figure}>
          <div className={stage.stage}>
            {id && <ServerImage src={previewUrl(id)} alt="" className={stage.layer} />}
          </div>
          <figcaption className={stage.caption}>&nbsp;</figcaption>
        </figure>
        <div className={controls.controls}>
          <Skeleton height="2.25rem" radius="xl" />
        </div>
      </div>
      <div className={sheet.body}>
        <Skeleton height="18rem" radius="lg" />
      </div>
    </div>
    <div className={sheet.detailsPlace} />
  </section>
);
