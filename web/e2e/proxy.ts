import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A proxy in front of a server. It can be stopped, and can deploy another version of the page. */
export interface Proxy {
  url: string;
  /** Marks the document and the service worker as those of another version. */
  deploy: (version: string) => void;
  /** Responds to requests for the API with an error. */
  refuse: (status: number) => void;
  stop: () => void;
  /** Starts a stopped proxy again. */
  start: () => Promise<void>;
}

const DOCUMENT_REVISION = /(?<="revision":")[0-9a-f]+(?=","url":"index\.html")/;

/** Starts a proxy, which offers the server under a path of its own, such as `/deepsky`, or at `/`. */
export const startProxy = async (target: string, prefix = ''): Promise<Proxy> => {
  let version: string | undefined;
  let refused: number | undefined;

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, headers } = incoming;
    const url = (incoming.url ?? '/').slice(prefix.length);
    if (refused !== undefined && url.includes('/api/')) {
      outgoing.writeHead(refused).end('{}');
      return;
    }
    const forwarded = request(new URL(url, target), { method, headers });
    forwarded.setHeader('Accept-Encoding', 'identity');
    forwarded.removeHeader('If-None-Match');
    if (prefix) forwarded.setHeader('X-Forwarded-Prefix', prefix);
    incoming.pipe(forwarded);
    const [response] = (await once(forwarded, 'response')) as [IncomingMessage];
    const isDocument = response.headers['content-type']?.startsWith('text/html') === true;
    if (version === undefined || !(isDocument || url.endsWith('/service-worker.js'))) {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
      return;
    }
    const body = (await text(response))
      .replace('</head>', `<meta name="version" content="${version}" /></head>`)
      .replace(DOCUMENT_REVISION, version);
    outgoing.writeHead(response.statusCode ?? 500, {
      'Content-Type': response.headers['content-type'],
      'Cache-Control': 'no-cache',
    });
    outgoing.end(body);
  };

  const proxy = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const listen = async (port: number) => {
    proxy.listen(port, '127.0.0.1');
    await once(proxy, 'listening');
    return (proxy.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    start: async () => {
      await listen(port);
    },
    deploy: (name) => {
      version = name;
    },
    refuse: (status) => {
      refused = status;
    },
    stop: () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
};
