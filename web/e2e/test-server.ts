import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DEEPSKY = '../.venv/bin/deepsky';

export interface TestServer {
  url: string;
  stop: () => Promise<void>;
}

export interface KeyedServer extends TestServer {
  /** A valid API key. */
  key: string;
  /** Revokes the API key. */
  revoke: () => void;
}

type Settings = Record<string, string>;

/** Creates an empty data folder for a server and returns its path. */
export const createDataFolder = (): string => mkdtempSync(join(tmpdir(), 'deepsky-e2e-own-'));

const environment = (data: string, settings: Settings) => ({
  ...process.env,
  DEEPSKY_DATA: data,
  DEEPSKY_RATE_LIMIT: '',
  ...settings,
});

/** Starts a separate server. The data folder may contain data from an earlier run. */
export const startServer = async (data: string, settings: Settings = {}): Promise<TestServer> => {
  const server = spawn(DEEPSKY, ['serve', '--port', '0'], {
    env: environment(data, settings),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'exit');
  process.once('exit', () => server.kill()); // in case the test fails before it stops the server
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url === undefined) continue;
    const stop = async () => {
      server.kill();
      await ended;
    };
    return { url, stop };
  }
  throw new Error('deepsky serve exited before it was ready.');
};

/** Starts a separate server that requires an API key. */
export const startKeyedServer = async (): Promise<KeyedServer> => {
  const data = createDataFolder();
  const runKeys = (...args: string[]) =>
    execFileSync(DEEPSKY, ['keys', ...args], { env: environment(data, {}), encoding: 'utf8' });
  const key = /dsk_\S+/.exec(runKeys('add', 'class'))?.[0];
  if (key === undefined) throw new Error('deepsky keys add printed no key.');
  const server = await startServer(data, { DEEPSKY_ACCESS: 'keys' });
  return { ...server, key, revoke: () => runKeys('revoke', 'class') };
};
