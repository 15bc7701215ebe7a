import { useLocalStorage } from '@mantine/hooks';

export const LAYOUTS = ['grid', 'table'] as const;

export type ListLayout = (typeof LAYOUTS)[number];

/** The layout of lists of images, which this browser remembers. */
export const useListLayout = () => {
  const [layout, setLayout] = useLocalStorage<ListLayout>({
    key: 'deepsky-list-layout',
    defaultValue: 'grid',
    getInitialValueInEffect: false,
  });
  return [layout === 'table' ? 'table' : 'grid', setLayout] as const;
};
