import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DEEPSKY = '../.venv/bin/deepsky';

export interface KeyedServer {
  address: string;
  /** A key that it knows. */
  key: string;
  /** Has it know that key no more. */
  revoke: () => void;
  stop: () => void;
}

/** Starts a server of its own, which answers to nobody without an API key. */
export const startKeyedServer = async (): Promise<KeyedServer> => {
  const data = mkdtempSync(join(tmpdir(), 'deepsky-e2e-keys-'));
  const env = { ...process.env, DEEPSKY_DATA: data, DEEPSKY_RATE_LIMIT: '' };
  const deepsky = (...words: string[]) => execFileSync(DEEPSKY, words, { env, encoding: 'utf8' });
  const key = /dsk_\S+/.exec(deepsky('keys', 'add', 'class'))?.[0];
  if (key === undefined) throw new Error('deepsky keys add shows no key.');
  const server = spawn(DEEPSKY, ['serve', '--port', '0', '--access', 'keys'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address === undefined) continue;
    return {
      address,
      key,
      revoke: () => deepsky('keys', 'revoke', 'class'),
      stop: () => server.kill(),
    };
  }
  throw new Error('deepsky serve ended before it was there.');
};
