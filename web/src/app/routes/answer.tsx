import { useParams } from 'react-router';

import { renderFeedback } from '@/app/render-feedback';
import { AnswerPage } from '@/features/history/components/answer-page';

export const Component = () => {
  const { id = '' } = useParams();
  return <AnswerPage key={id} id={id} feedback={renderFeedback} />;
};
