import type { VitePWAOptions } from 'vite-plugin-pwa';

const icon = (src: string, side: number, purpose: 'any' | 'maskable') => ({
  src,
  sizes: `${side}x${side}`,
  type: 'image/png',
  purpose,
});

/** What makes the page installable: its manifest, and the service worker in worker. */
export const installation: Partial<VitePWAOptions> = {
  strategies: 'injectManifest',
  srcDir: 'worker',
  filename: 'service-worker.ts',
  integration: {
    configureCustomSWViteBuild: ({ build }) => {
      if (build) build.license = { fileName: 'service-worker-licences.md' };
    },
  },
  injectRegister: false, // see src/lib/register-service-worker.ts
  manifest: {
    name: 'deepsky',
    short_name: 'deepsky',
    description:
      'Classifies astronomical images as galaxy, nebula, star cluster, or not a deep-sky object.',
    // Relative to the manifest, because the page also works under a path of a site.
    start_url: '.',
    scope: '.',
    display: 'standalone',
    background_color: '#0d1224',
    theme_color: '#0d1224',
    icons: [
      icon('icon-192.png', 192, 'any'),
      icon('icon-512.png', 512, 'any'),
      icon('icon-maskable-512.png', 512, 'maskable'),
    ],
  },
  // What is kept in the browser: the page without its images.
  includeManifestIcons: false,
  injectManifest: { globPatterns: ['*.{html,js,svg}', 'assets/*.{css,js}'], rollupFormat: 'iife' },
};
