/** Where a server of an earlier deployment is reached, and whether that is where a web server passes requests on to. */
import type { Start } from '../../contract/earlier.ts';
import type { Options } from './servers.ts';

/** Options that name a socket's file. */
const SOCKETS = ['uds', 'unix-socket'];
/** Options that name an address or a socket, of each of the servers that have them. */
const ADDRESSES = ['bind', 'listen', 'http-socket', 'http11-socket', 'http', 'socket', 'uwsgi-socket'];
/**
 * Where a server listens that is not told. https://docs.gunicorn.org/en/stable/settings.html#bind,
 * https://www.uvicorn.org/settings/, https://github.com/django/daphne, https://hypercorn.readthedocs.io/,
 * https://github.com/emmett-framework/granian
 */
const USUAL: Readonly<Record<string, string>> = {
  ...{ gunicorn: ':8000', uvicorn: ':8000', daphne: ':8000', hypercorn: ':8000', granian: ':8000' },
};

/** Where a server listens by its command line: "127.0.0.1:8001", "unix:/run/live.sock"; undefined where that is not said. */
export function listensAt(program: string, { values }: Options): string | undefined {
  const said = (names: readonly string[]) => names.map((name) => values.get(name)).find((one) => one);
  const socket = said(SOCKETS);
  if (socket !== undefined) return `unix:${socket}`;
  const port = values.get('port');
  // Of daphne, "bind" is a host, and has the port beside it.
  if (port !== undefined) return `:${port}`;
  const address = said(ADDRESSES);
  if (address === undefined || (program === 'daphne' && !address.includes(':')))
    return values.has('config') || values.has('fd') || values.has('endpoint') ? undefined : USUAL[program];
  if (address.startsWith('/')) return `unix:${address}`;
  return address.replace(/^unix:\/\//, 'unix:');
}

/** Hosts that are this machine. */
const HERE = new Set(['', 'localhost', '127.0.0.1', '0.0.0.0', '[::1]', '[::]', '*']);

/** Does a server answer where a web server passes requests on to? */
export function answersAt({ listens, process }: Start, target: string): boolean {
  if (listens === undefined || listens.startsWith('unix:') || target.startsWith('unix:'))
    return listens === target;
  const [host, port] = parted(target);
  return port === parted(listens)[1] && (HERE.has(host) || host === process);
}

function parted(address: string): [host: string, port: string] {
  const [, host = '', port = '80'] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  return [host, port];
}
