import { ClassifyPage } from '@/features/classify/components/classify-page';
import { FeedbackPanel } from '@/features/feedback/components/feedback-panel';

export const ClassifyRoute = () => (
  <ClassifyPage feedback={(answer) => <FeedbackPanel key={answer.id} answer={answer} />} />
);
