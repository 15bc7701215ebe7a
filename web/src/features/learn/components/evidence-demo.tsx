import { Button, Text } from '@mantine/core';
import { useState } from 'react';

import { EvidenceControls, type EvidenceView } from '@/components/answer/evidence-controls';
import { ImageStage } from '@/components/answer/image-stage';
import stage from '@/components/answer/image-stage.module.css';
import { ProbabilityBars } from '@/components/answer/probability-bars';
import { ProblemMessage } from '@/components/ui/problem-message';
import { useClassifySample } from '@/features/learn/api/classify-sample';
import classes from '@/features/learn/components/evidence-demo.module.css';
import { useTexts } from '@/features/learn/texts';
import { sampleCredit, sampleTitle } from '@/lib/sample-text';
import { samples } from '@/lib/samples';

interface Props {
  /** The file name of a sample image. */
  file: string;
  model: string | undefined;
}

/** A sample image with a button that classifies it and shows the evidence. */
export const EvidenceDemo = ({ file, model }: Props) => {
  const text = useTexts().networks.see;
  const { data: answer, error, isPending, mutate } = useClassifySample();
  const [view, setView] = useState<EvidenceView>({ shown: true });
  const sample = samples.find((one) => one.file === file);
  if (sample === undefined) return null;
  const classify = () => {
    if (model !== undefined) mutate({ sample, model });
  };
  return (
    <div className={classes.demo}>
      <ImageStage
        name={sampleTitle(sample)}
        caption={sampleCredit(sample, sampleTitle(sample))}
        answer={answer}
        busy={isPending}
        evidence={view}
      >
        <img src={sample.url} alt="" className={stage.layer} />
      </ImageStage>
      <div className={classes.side} role="status">
        {error && <ProblemMessage error={error} onRetry={classify} />}
        {answer ? (
          <>
            <ProbabilityBars probabilities={answer.probabilities} label={answer.label} />
            <EvidenceControls answer={answer} view={view} onChange={setView} />
            <Text>{text.again}</Text>
          </>
        ) : (
          <>
            <Text>{text.explained}</Text>
            {!error && (
              <Button
                radius="xl"
                w="fit-content"
                loading={isPending}
                disabled={model === undefined}
                onClick={classify}
              >
                {text.classify}
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
};
