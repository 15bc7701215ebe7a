import { Layout } from '@/app/layout';
import { Providers } from '@/app/providers';
import { ClassifyPage } from '@/features/classify/components/classify-page';

export const App = () => (
  <Providers>
    <Layout>
      <ClassifyPage />
    </Layout>
  </Providers>
);
