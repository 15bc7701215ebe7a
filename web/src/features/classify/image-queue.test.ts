import { QueryClient } from '@tanstack/react-query';
import { waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';

import { imageAnswersKey } from '@/features/classify/api/image-answers';
import { ImageQueue } from '@/features/classify/image-queue';
import type { QueuedImage } from '@/features/classify/queued-image';
import { forgetAnswers } from '@/lib/answer-cache';
import { createAnswer } from '@/testing/fixtures';
import { CLASSIFICATIONS, server, SESSION } from '@/testing/server';

/** Completes a pending request. */
type Respond = (response: Response) => void;

let client: QueryClient;
let queue: ImageQueue;
let pending: Respond[];

beforeEach(() => {
  client = new QueryClient();
  queue = new ImageQueue(client);
  queue.setModel('efficientnet');
  pending = [];
  server.use(
    http.post(CLASSIFICATIONS, () => new Promise<Response>((respond) => pending.push(respond))),
  );
});

const file = (name: string) => new File(['light'], name);
const statuses = () => queue.getSnapshot().images.map(({ status }: QueuedImage) => status.name);
const expectStatuses = (...names: string[]) =>
  waitFor(() => {
    expect(statuses()).toEqual(names);
  });
const answer = async (id: string) => {
  await waitFor(() => {
    expect(pending).not.toHaveLength(0);
  });
  pending.shift()?.(HttpResponse.json(createAnswer({ id }), { status: 201 }));
};

it('sends the first image alone to get a session, then two at a time', async () => {
  queue.add(['a', 'b', 'c', 'd'].map(file));
  await expectStatuses('classifying', 'waiting', 'waiting', 'waiting');
  await answer('a');
  await expectStatuses('answered', 'classifying', 'classifying', 'waiting');
  await answer('b');
  await expectStatuses('answered', 'answered', 'classifying', 'classifying');
  await answer('c');
  await answer('d');
  await expectStatuses('answered', 'answered', 'answered', 'answered');
  expect(client.getQueryData(imageAnswersKey(3, 'efficientnet'))).toEqual([
    createAnswer({ id: 'c' }),
  ]);
});

it('begins a session before the first upload', async () => {
  let sessions = 0;
  server.use(
    http.post(SESSION, () => {
      expect(pending).toHaveLength(0);
      sessions += 1;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  queue.add(['a', 'b'].map(file));
  await answer('a');
  await answer('b');
  await expectStatuses('answered', 'answered');
  expect(sessions).toBe(1);
});

it('continues with the next image if one is removed, and ignores its late answer', async () => {
  queue.add(['a', 'b'].map(file));
  await expectStatuses('classifying', 'waiting');
  queue.remove(1);
  await expectStatuses('classifying');
  await waitFor(() => {
    expect(pending).toHaveLength(2);
  });
  await answer('a'); // arrives after its image was removed
  await answer('b');
  await expectStatuses('answered');
  expect(client.getQueryData(imageAnswersKey(1, 'efficientnet'))).toBeUndefined();
  expect(client.getQueryData(imageAnswersKey(2, 'efficientnet'))).toEqual([
    createAnswer({ id: 'b' }),
  ]);
});

it('removes an image if its answer is deleted on another page', async () => {
  queue.add(['a', 'b'].map(file));
  await answer('a');
  await answer('b');
  await expectStatuses('answered', 'answered');
  forgetAnswers(client, new Set(['a']));
  await expectStatuses('answered');
  queue.setModel('vgg16');
  await answer('b');
  await expectStatuses('answered');
  expect(pending).toHaveLength(0);
});

it('distinguishes a missing file from an unreachable server', async () => {
  server.use(http.post(CLASSIFICATIONS, () => HttpResponse.error()));
  const gone = file('gone.jpg');
  const nothing = new Blob();
  nothing.arrayBuffer = () =>
    Promise.reject(new DOMException('The file does not exist.', 'NotFoundError'));
  vi.spyOn(gone, 'slice').mockReturnValue(nothing);
  queue.add([gone, file('here.jpg')]);
  await expectStatuses('failed', 'failed');
  const errors = queue
    .getSnapshot()
    .images.map(({ status }) => (status.name === 'failed' ? status.error.message : ''));
  expect(errors[0]).toMatch(/This file can no longer be read/);
  expect(errors[1]).toMatch(/server does not respond/);
});

it('warns before the page is closed while several images are pending', async () => {
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };
  queue.add([file('a')]);
  expect(leave()).toBe(false);
  queue.add([file('b')]);
  expect(leave()).toBe(true);
  await answer('a');
  await answer('b');
  await expectStatuses('answered', 'answered');
  expect(leave()).toBe(false);
});
