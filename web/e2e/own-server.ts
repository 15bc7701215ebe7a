import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DEEPSKY = '../.venv/bin/deepsky';

export interface OwnServer {
  address: string;
  stop: () => Promise<void>;
}

export interface KeyedServer extends OwnServer {
  /** A key that it knows. */
  key: string;
  /** Has it know that key no more. */
  revoke: () => void;
}

type Settings = Record<string, string>;

/** A new folder for what a server keeps. */
export const newData = (): string => mkdtempSync(join(tmpdir(), 'deepsky-e2e-own-'));

const environment = (data: string, settings: Settings) => ({
  ...process.env,
  DEEPSKY_DATA: data,
  DEEPSKY_RATE_LIMIT: '',
  ...settings,
});

/** Starts a server of a test's own, with the data that may be there from another one. */
export const startServer = async (data: string, settings: Settings = {}): Promise<OwnServer> => {
  const server = spawn(DEEPSKY, ['serve', '--port', '0'], {
    env: environment(data, settings),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'exit');
  process.once('exit', () => server.kill()); // where a test fails before it stops its server
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address === undefined) continue;
    const stop = async () => {
      server.kill();
      await ended;
    };
    return { address, stop };
  }
  throw new Error('deepsky serve ended before it was there.');
};

/** Starts a server of a test's own, which answers to nobody without an API key. */
export const startKeyedServer = async (): Promise<KeyedServer> => {
  const data = newData();
  const keys = (...words: string[]) =>
    execFileSync(DEEPSKY, ['keys', ...words], { env: environment(data, {}), encoding: 'utf8' });
  const key = /dsk_\S+/.exec(keys('add', 'class'))?.[0];
  if (key === undefined) throw new Error('deepsky keys add shows no key.');
  const server = await startServer(data, { DEEPSKY_ACCESS: 'keys' });
  return { ...server, key, revoke: () => keys('revoke', 'class') };
};
