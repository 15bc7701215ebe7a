export { DataPage } from '@/features/learn/components/data-page';
export { FiguresPage } from '@/features/learn/components/figures-page';
export { KindsPage } from '@/features/learn/components/kinds-page';
export { LearnPage } from '@/features/learn/components/learn-page';
export { NetworksPage } from '@/features/learn/components/networks-page';
export { ObjectsPage } from '@/features/learn/components/objects-page';
