import { useParams } from 'react-router';

import { FeedbackPanel } from '@/features/feedback/components/feedback-panel';
import { AnswerPage } from '@/features/history/components/answer-page';

export const Component = () => {
  const { id = '' } = useParams();
  return (
    <AnswerPage
      key={id}
      id={id}
      feedback={(answer) => <FeedbackPanel key={answer.id} answer={answer} />}
    />
  );
};
