import '@testing-library/jest-dom/vitest';

import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';

import { server } from '@/testing/server';

// On a busy machine, rendering can take several seconds.
configure({ asyncUtilTimeout: 10_000 });

// Browser features that Mantine and the application use but jsdom does not provide.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: vi.fn(),
  removeEventListener: vi.fn(),
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe = vi.fn();
    unobserve = vi.fn();
    disconnect = vi.fn();
  },
);
Element.prototype.scrollIntoView = vi.fn();
URL.createObjectURL = vi.fn(() => 'blob:image');
URL.revokeObjectURL = vi.fn();
Blob.prototype.arrayBuffer = function (this: Blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as ArrayBuffer);
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error('The file cannot be read.'));
    };
    reader.readAsArrayBuffer(this);
  });
};

/** Requests without a handler. They fail like those to an unreachable server, so tests could pass. */
const unhandled: string[] = [];

beforeAll(() => {
  server.listen({
    onUnhandledRequest: ({ method, url }, print) => {
      unhandled.push(`${method} ${url}`);
      print.error();
    },
  });
});
afterEach(() => {
  expect(unhandled.splice(0)).toEqual([]);
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => {
  server.close();
});
