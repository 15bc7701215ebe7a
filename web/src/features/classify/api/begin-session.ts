import { api, done } from '@/lib/api-client';

/**
 * Begins a session before the first upload, so that an upload whose response is lost can be repeated
 * in the same session.
 */
export const beginSession = (): Promise<void> => done(api.POST('/api/v1/session'));
