import { describe, expect, it } from 'vitest';
import { agreement, type RenderedFile } from '../../src/check/agreement.ts';
import type { Plan } from '../../src/contract/plan.ts';
import type { TreeFile } from '../../src/contract/validator.ts';

const plan = {
  name: 'shop',
  users: { app: 'shop', web: 'www-data' },
  paths: { config: '/etc/shop', home: '/srv/shop' },
  services: [{ upstream: { socket: '/run/shop.sock' }, timeouts: { request: 30 } }],
  static: [{ path: '/srv/shop/static' }],
  media: [{ path: '/srv/shop/media' }],
  writable: ['/srv/shop/media'],
} as unknown as Plan;

function file(shown: string, template: string, ...lines: [string, ...string[]][]): RenderedFile {
  return {
    path: `/${shown}`,
    shown,
    text: lines.map(([text]) => `${text}\n`).join(''),
    lines: lines.map(([, ...uses]) => ({ template, uses })),
  };
}

const site = file(
  'nginx.conf',
  'web-servers/nginx/site.conf',
  ['# The socket of /run/shop.sock', 'services.0.upstream.socket'],
  ['server unix:/run/shop.sock max_fails=0;', 'services.0.upstream.socket'],
  ['proxy_read_timeout 30s;', 'services.0.timeouts.request'],
  ['alias "/srv/shop/media/";', 'media.0.path'],
);
const socket = file(
  'shop.socket',
  'process-managers/systemd/app.socket',
  ['ListenStream=/run/shop.sock', 'services.0.upstream.socket'],
  ['SocketGroup=www-data', 'users.web'],
  ['Description=shop', 'name'],
);
const service = file(
  'shop.service',
  'process-managers/systemd/app.service',
  ['ReadWritePaths=/srv/shop/media', 'writable.0'],
  ['After=shop.socket', 'name'],
);
const installer = file(
  'install.sh',
  'deliveries/debian/install.sh',
  ['curl --max-time 30', 'services.0.timeouts.request'],
  ['home=/srv/shop', 'paths.home'],
);
const rendered = [site, socket, service, installer];

function onDisk(edits: Record<string, (text: string) => string> = {}): TreeFile[] {
  return rendered.map(({ path, shown, text }) => ({
    path,
    shown,
    mode: 0o644,
    text: edits[shown]?.(text) ?? text,
    edited: edits[shown] !== undefined,
  }));
}

function findings(files: readonly TreeFile[]) {
  return agreement({ plan, rendered, files });
}

describe('agreement', () => {
  it('finds nothing in files as they were written', () => {
    expect(findings(onDisk())).toEqual([]);
  });

  it('finds a value that one file lost and another has, in both directions', () => {
    const move = (text: string) => text.replaceAll('unix:/run/shop.sock', 'unix:/run/other.sock');
    expect(findings(onDisk({ 'nginx.conf': move }))).toEqual([
      {
        code: 'value-disagrees',
        tool: 'files',
        level: 'warning',
        file: 'nginx.conf',
        message:
          '/run/shop.sock (services.0.upstream.socket) is no longer in this file, and shop.socket relies on it: the two must agree',
        remedy: expect.stringContaining('both files'),
      },
    ]);
    const listen = (text: string) => text.replace('/run/shop.sock', '/run/other.sock');
    expect(findings(onDisk({ 'shop.socket': listen }))).toMatchObject([
      { file: 'shop.socket', message: expect.stringContaining('nginx.conf') },
    ]);
  });

  it('is content where both were changed', () => {
    const move = (text: string) => text.replaceAll('/run/shop.sock', '/run/other.sock');
    expect(findings(onDisk({ 'nginx.conf': move, 'shop.socket': move }))).toEqual([]);
  });

  it('does not count what only a comment still says', () => {
    const comment = (text: string) => text.replace('server unix:', '# server unix:');
    expect(findings(onDisk({ 'nginx.conf': comment }))).toHaveLength(1);
  });

  it('knows a path under any name in the plan', () => {
    const move = (text: string) => text.replace('/srv/shop/media', '/data/media');
    expect(findings(onDisk({ 'nginx.conf': move }))).toMatchObject([
      { message: expect.stringContaining('/srv/shop/media (media.0.path, writable.0)') },
    ]);
  });

  it.each([
    ['a comment', 'nginx.conf', (text: string) => `# mine\n${text}`],
    ['a value that no other unit has', 'nginx.conf', (text: string) => text.replace('30s', '90s')],
    [
      'the name of the app in a description',
      'shop.socket',
      (text: string) => text.replace('=shop', '=my shop'),
    ],
    ['a user that no other unit names', 'shop.socket', (text: string) => text.replace('www-data', 'nginx')],
    ['other white space', 'nginx.conf', (text: string) => text.replace('server unix:', 'server    unix:')],
    ['another quote', 'nginx.conf', (text: string) => text.replaceAll('"', "'")],
  ])('says nothing of %s', (_what, name, edit) => {
    expect(findings(onDisk({ [name]: edit }))).toEqual([]);
  });

  it('does not take one path for another that begins alike', () => {
    const move = (text: string) => text.replaceAll('/run/shop.sock', '/run/shop.sock2');
    expect(findings(onDisk({ 'nginx.conf': move }))).toHaveLength(1);
  });

  it('finds a file that is missing', () => {
    const files = onDisk().filter(({ shown }) => shown !== 'shop.socket');
    expect(findings(files)).toMatchObject([
      { level: 'error', file: 'shop.socket', message: 'the file is missing' },
    ]);
  });

  it('finds a file that is too many', () => {
    const extra = { path: '/x', shown: 'x', mode: 0o644, text: '', edited: true };
    expect(findings([...onDisk(), extra])).toMatchObject([{ level: 'warning', file: 'x' }]);
  });
});
