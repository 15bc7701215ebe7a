import { Page } from '@/components/ui/page';
import { TopicList } from '@/features/learn/components/topic-list';
import { useTexts } from '@/features/learn/texts';
import { TOPICS } from '@/features/learn/topics';

/** The page with an overview of all pages under “Learn”. */
export const LearnPage = () => {
  const texts = useTexts();
  return (
    <Page title={texts.title} lead={texts.lead}>
      <TopicList title={texts.topics} topics={[...TOPICS]} />
    </Page>
  );
};
