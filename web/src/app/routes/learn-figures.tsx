export { FiguresPage as Component } from '@/features/learn/components/figures-page';
