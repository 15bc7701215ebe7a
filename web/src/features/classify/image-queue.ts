import type { QueryClient } from '@tanstack/react-query';

import { beginSession } from '@/features/classify/api/begin-session';
import { classifyImage } from '@/features/classify/api/classify-image';
import {
  getImageAnswers,
  IMAGE_ANSWERS,
  imageAnswersKey,
  setImageAnswers,
} from '@/features/classify/api/image-answers';
import {
  errorOf,
  type ImageSource,
  isPending,
  isSample,
  type QueuedImage,
  type Status,
} from '@/features/classify/queued-image';
import { prepareUpload, type Upload } from '@/features/classify/upload/prepare-upload';
import type { ScaledImage } from '@/features/classify/upload/scale-image';
import { sendsOriginals } from '@/features/classify/upload/send-originals';
import { ApiError, asApiError, failure, reach } from '@/lib/api-client';
import type { Sample } from '@/lib/samples';
import { serverSettingsQuery } from '@/lib/server-settings';

const MAX_CONCURRENT = 2;

/** A snapshot of the queue; each change creates a new object. */
export interface QueueState {
  images: readonly QueuedImage[];
  /** Whether the queue is paused because the server is overloaded. */
  isPaused: boolean;
}

/**
 * Classifies images, a few at a time.
 *
 * The queue is kept until the browser tab is closed or reloaded, so classification continues while
 * the user visits other pages of the application. The results are stored in the query client's
 * cache.
 */
export class ImageQueue {
  private state: QueueState = { images: [], isPaused: false };
  private model: string | undefined;
  private lastId = 0;
  private hasSession = false;
  private pauseTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private readonly keyPrefix = crypto.getRandomValues(new Uint32Array(4)).join('-');

  constructor(private readonly client: QueryClient) {
    client.setQueryDefaults(IMAGE_ANSWERS, { gcTime: Infinity });
    client.getQueryCache().subscribe(({ type, query }) => {
      // If a classification was deleted on another page, the image must not be classified again.
      const [, kind, id] = query.queryKey as unknown[];
      const isRemoved = type === 'removed' && kind === IMAGE_ANSWERS[1];
      if (isRemoved && typeof id === 'number') this.remove(id);
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.state.images.length > 1 && this.state.images.some(isPending)) {
        event.preventDefault();
      }
    });
  }

  readonly getSnapshot = (): QueueState => this.state;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Selects a model or `ALL`, and classifies the images that have no result for it yet. */
  setModel(model: string): void {
    if (model === this.model) return;
    this.model = model;
    this.abort([...this.running.keys()]);
    this.updateStatus(({ id }) => this.initialStatus(id, model));
    this.startNext();
  }

  /** Adds images to the end of the queue. */
  add(sources: readonly ImageSource[]): void {
    const added = sources.map((source): QueuedImage => {
      this.lastId += 1;
      return { id: this.lastId, source, status: { name: 'waiting' } };
    });
    this.setState({ images: [...this.state.images, ...added] });
    this.startNext();
  }

  /** Removes images and their cached classifications, and aborts the running requests for them. */
  remove(...ids: number[]): void {
    const images = this.state.images.filter(({ id }) => !ids.includes(id));
    if (images.length === this.state.images.length) return;
    this.abort(ids);
    this.setState({ images });
    for (const id of ids) this.client.removeQueries({ queryKey: imageAnswersKey(id) });
    this.startNext();
  }

  /** Replaces all images in the queue. */
  replace(sources: readonly ImageSource[]): void {
    this.remove(...this.state.images.map(({ id }) => id));
    this.add(sources);
  }

  /**
   * Retries the failed classification of one image or of all images, if the error may be temporary.
   */
  retry(id?: number): void {
    this.updateStatus((image) => {
      const isSelected = id === undefined || id === image.id;
      return isSelected && errorOf(image)?.isTransient ? { name: 'waiting' } : image.status;
    });
    this.startNext();
  }

  private initialStatus(id: number, model: string): Status {
    const cached = getImageAnswers(this.client, id, model);
    if (cached === undefined) return { name: 'waiting' };
    setImageAnswers(this.client, id, model, cached);
    return { name: 'answered' };
  }

  private startNext(): void {
    if (this.model === undefined || this.state.isPaused) return;
    for (const image of this.state.images) {
      // The first image is sent alone, because the session of the browser begins before it.
      if (this.running.size >= (this.hasSession ? MAX_CONCURRENT : 1)) return;
      if (image.status.name === 'waiting') void this.classify(image, this.model);
    }
  }

  private async classify({ id, source }: QueuedImage, model: string): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.running.set(id, controller);
    const setStatus = (status: Status) => {
      if (signal.aborted) return;
      this.updateStatus((image) => (image.id === id ? status : image.status));
    };
    setStatus({ name: 'classifying', progress: 0 });
    try {
      const { file, scaled } = isSample(source)
        ? { file: await fetchSample(source, signal) }
        : await this.prepare(source);
      signal.throwIfAborted();
      this.setScaled(id, scaled);
      if (!this.hasSession) await beginSession();
      signal.throwIfAborted();
      const answers = await classifyImage({
        image: file,
        model,
        key: `${this.keyPrefix}-${id}`,
        signal,
        onProgress: (progress) => {
          setStatus({ name: 'classifying', progress });
        },
      });
      if (signal.aborted) return;
      this.hasSession = true;
      setImageAnswers(this.client, id, model, answers);
      setStatus({ name: 'answered' });
    } catch (cause) {
      if (signal.aborted) return;
      const error = await toError(cause, source);
      if (error.isBusy) this.pause(error.retryAfter);
      setStatus(error.isBusy ? { name: 'waiting' } : { name: 'failed', error });
    } finally {
      if (this.running.get(id) === controller) this.running.delete(id);
      this.startNext();
    }
  }

  private async prepare(image: File): Promise<Upload> {
    const settings = await this.client.query(serverSettingsQuery).catch(() => undefined);
    const maxBytes = settings?.limits.max_bytes;
    return prepareUpload(image, { original: sendsOriginals(), maxBytes });
  }

  private setScaled(id: number, scaled: ScaledImage | undefined): void {
    const images = this.state.images.map((one) => (one.id === id ? { ...one, scaled } : one));
    this.setState({ images });
  }

  private pause(seconds = 1): void {
    clearTimeout(this.pauseTimer);
    this.setState({ isPaused: true });
    this.pauseTimer = setTimeout(() => {
      this.setState({ isPaused: false });
      this.startNext();
    }, seconds * 1000);
  }

  private abort(ids: number[]): void {
    for (const id of ids) {
      this.running.get(id)?.abort();
      this.running.delete(id);
    }
  }

  private updateStatus(statusOf: (image: QueuedImage) => Status): void {
    const images = this.state.images.map((image) => {
      const status = statusOf(image);
      return status === image.status ? image : { ...image, status };
    });
    this.setState({ images });
  }

  private setState(changes: Partial<QueueState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}

const fetchSample = async ({ url, file }: Sample, signal: AbortSignal): Promise<File> => {
  const response = await reach(fetch(url, { signal }));
  if (!response.ok) throw failure('unexpected');
  return new File([await reach(response.arrayBuffer())], file);
};

/**
 * Converts a caught value to an `ApiError`.
 *
 * If a file was moved or changed after it was selected, browsers report a network error.
 */
const toError = async (cause: unknown, source: ImageSource): Promise<ApiError> => {
  const error = asApiError(cause);
  if (!error.isUnreachable || isSample(source)) return error;
  const isReadable = await source
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
  return isReadable ? error : new ApiError('file_gone');
};
