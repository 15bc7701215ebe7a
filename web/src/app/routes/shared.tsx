import { useParams } from 'react-router';

import { SharedPage } from '@/features/share/components/shared-page';

export const Component = () => {
  const { token = '' } = useParams();
  return <SharedPage key={token} token={token} />;
};
