import { QueryClient } from '@tanstack/react-query';
import { waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';

import { answerKey } from '@/features/classify/api/answers';
import type { Image } from '@/features/classify/image';
import { Queue } from '@/features/classify/queue';
import { forgetAnswer } from '@/lib/answer-cache';
import { answerWith } from '@/testing/answers';
import { CLASSIFICATIONS, server } from '@/testing/server';

/** Lets the server answer a request that it has got. */
type Answering = (response: Response) => void;

let client: QueryClient;
let queue: Queue;
let pending: Answering[];

beforeEach(() => {
  client = new QueryClient();
  queue = new Queue(client);
  queue.ask('efficientnet');
  pending = [];
  server.use(
    http.post(CLASSIFICATIONS, () => new Promise<Response>((answer) => pending.push(answer))),
  );
});

const file = (name: string) => new File(['light'], name);
const steps = () => queue.current().images.map(({ step }: Image) => step.name);
const become = (...names: string[]) =>
  waitFor(() => {
    expect(steps()).toEqual(names);
  });
const answer = async (id: string) => {
  await waitFor(() => {
    expect(pending).not.toHaveLength(0);
  });
  pending.shift()?.(HttpResponse.json(answerWith({ id }), { status: 201 }));
};

it('sends the first image alone, which tells who the browser is, and then two at a time', async () => {
  queue.add(['a', 'b', 'c', 'd'].map(file));
  await become('asked', 'waiting', 'waiting', 'waiting');
  await answer('a');
  await become('answered', 'asked', 'asked', 'waiting');
  await answer('b');
  await become('answered', 'answered', 'asked', 'asked');
  await answer('c');
  await answer('d');
  await become('answered', 'answered', 'answered', 'answered');
  expect(client.getQueryData(answerKey(3, 'efficientnet'))).toEqual([answerWith({ id: 'c' })]);
});

it('goes on with the next where one is let go of, which is forgotten', async () => {
  queue.add(['a', 'b'].map(file));
  await become('asked', 'waiting');
  queue.remove(1);
  await become('asked');
  await waitFor(() => {
    expect(pending).toHaveLength(2);
  });
  await answer('a'); // comes too late
  await answer('b');
  await become('answered');
  expect(client.getQueryData(answerKey(1, 'efficientnet'))).toBeUndefined();
  expect(client.getQueryData(answerKey(2, 'efficientnet'))).toEqual([answerWith({ id: 'b' })]);
});

it('lets go of an image whose answer is deleted elsewhere, instead of sending it again', async () => {
  queue.add(['a', 'b'].map(file));
  await answer('a');
  await answer('b');
  await become('answered', 'answered');
  forgetAnswer(client, 'a');
  await become('answered');
  queue.ask('vgg16');
  await answer('b');
  await become('answered');
  expect(pending).toHaveLength(0);
});

it('says of a file that is gone that it is gone, not that the server is', async () => {
  server.use(http.post(CLASSIFICATIONS, () => HttpResponse.error()));
  const gone = file('gone.jpg');
  const nothing = new Blob();
  nothing.arrayBuffer = () => Promise.reject(new DOMException('It is gone.', 'NotFoundError'));
  vi.spyOn(gone, 'slice').mockReturnValue(nothing);
  queue.add([gone, file('here.jpg')]);
  await become('failed', 'failed');
  const errors = queue
    .current()
    .images.map(({ step }) => (step.name === 'failed' ? step.error.message : ''));
  expect(errors[0]).toMatch(/This file cannot be read any more/);
  expect(errors[1]).toMatch(/server does not answer/);
});

it('asks before the page is left while it is at many images', async () => {
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
  await become('answered', 'answered');
  expect(leave()).toBe(false);
});
