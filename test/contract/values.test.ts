import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import * as values from '../../src/contract/values.ts';

interface Kind {
  schema: z.ZodMiniType;
  good: readonly unknown[];
  bad: readonly unknown[];
  /** The words that a person gets. */
  says: string;
}

const long = 'x'.repeat(256);

const KINDS: Record<string, Kind> = {
  hostName: {
    schema: values.hostName,
    good: ['shop.example', 'a', 'xn--bcher-kva.example', '3com.example', `${'a'.repeat(63)}.example`],
    bad: [
      '', '.', 'shop_example', '-a.example', 'a-.example', 'a..example', 'shop.example.', 'Shop.example', '*.example',
      '10.0.0.1', 'bücher.example', 'a b', 'shop.example:443', 'https://shop.example', '$host', 'a;b', 'a\nb', 7,
      `${'a'.repeat(64)}.example`, `${'a.'.repeat(126)}example`,
    ], // biome-ignore format: a list of words
    says: 'must be a host name such as shop.example',
  },
  appName: {
    schema: values.appName,
    good: ['ab', 'shop', 'shop-2', 'a'.repeat(31)],
    bad: ['', 'a', 'Shop', '2shop', '-shop', 'shop-', 'my_shop', 'my shop', 'a'.repeat(32), 'a\nb', 'shöp'],
    says: 'must be 2 to 31 lower-case letters',
  },
  appObject: {
    schema: values.appObject,
    good: ['app:app', 'shop.wsgi:application', 'shop:create_app()'],
    bad: [
      '',
      'shop',
      'shop:',
      ':app',
      'shop/wsgi:app',
      'shop.wsgi:app;',
      "shop:app('x')",
      '.a:b',
      '1a:b',
      'a: b',
    ],
    says: 'must be MODULE:OBJECT',
  },
  dottedModule: {
    schema: values.dottedModule,
    good: ['settings', 'shop.settings.production'],
    bad: ['', 'shop.', 'shop settings', 'shop-site.settings', 'shop/settings.py'],
    says: 'must be a dotted module name',
  },
  variableName: {
    schema: values.variableName,
    good: ['A', '_a1', 'SECRET_KEY'],
    bad: ['', '1A', 'A-B', 'A=1', 'A B', 'Ä'],
    says: 'must be the name of an environment variable',
  },
  size: {
    schema: values.size,
    good: ['1', '512k', '10m', '2g'],
    bad: ['', '0', '0m', '-1', '1.5m', '10M', '10 m', '10mb', '10t', 10],
    says: 'must be a number of bytes',
  },
  version: {
    schema: values.version,
    good: ['252', '1.26', '1.26.3'],
    bad: ['', 'latest', 'v1', '1.', '1.2.3.4', '1.2-3', 1.26],
    says: 'must be a version number',
  },
  hostPath: {
    schema: values.hostPath,
    good: ['/etc/ssl/a.pem', '/srv/with a space/ünï', '/a'],
    bad: ['', '/', 'etc/ssl', '/etc/../root', '/a/..', '/a\nb', '/a\0b', '/a\u0085b'],
    says: 'must be an absolute path on the host',
  },
  'hostPath, too long': {
    schema: values.hostPath,
    good: [`/${long.slice(1)}`, `/${'abc/'.repeat(255)}`],
    bad: [`/${long}`, `/${'ü'.repeat(128)}`, `/${'abc/'.repeat(256)}`],
    says: 'must have at most 255 bytes between slashes, and 1024 in all',
  },
  folder: {
    schema: values.folder,
    good: ['media', './media', 'var/up loads', '/srv/media', '.media', '...'],
    bad: ['', '.', './', './.', './/./', '/', '//', '/.', '/./', '//./.', '..', '../media', 'a/../b', 'a\tb'],
    says: 'must be a folder inside of the project',
  },
  'folder, too long': {
    schema: values.folder,
    good: [long.slice(1)],
    bad: [long, 'abc/'.repeat(257)],
    says: 'must have at most 255 bytes',
  },
  'folder, of a repository': {
    schema: values.folder,
    good: ['.github', 'git', '.gitignore', '/srv/.git/x', '.vitepress/dist'],
    bad: ['.git', './.git', 'ui/.git/', '.git/objects', '.hg', 'a/.svn'],
    says: 'is where a version control system keeps its own: take another folder',
  },
  'projectPath, of a repository': {
    schema: values.projectPath,
    good: ['.', '.github', 'ui/git'],
    bad: ['.git', 'ui/.git', './.git//', '.svn'],
    says: 'is where a version control system keeps its own: take another folder',
  },
  projectPath: {
    schema: values.projectPath,
    good: ['.', 'requirements.txt', 'services/chat'],
    bad: ['', '/srv', '..', 'a/../../b', 'a\rb'],
    says: 'must be a path inside of the project',
  },
  page: {
    schema: values.page,
    good: ['/', '/healthz', '/a/b-c_d.e~f/', '/login 302', '/ 401', '/a 204', '/ 404'],
    bad: [
      '',
      'healthz',
      '/a b',
      '/a 500',
      '/a 405',
      '/a 304',
      '/a  302',
      '/a 302 ',
      ' 302',
      '/a 3020',
      '/a?b',
      '/%41',
      '/$uri',
      '/a;',
      '/a"',
      '/ü',
      '/a\n',
    ],
    says: 'must be a URL path',
  },
  mounts: {
    schema: values.mounts,
    good: [{}, { '/static/': 'staticfiles' }, { '/a/b/': '/srv/b' }],
    bad: [[], 'x', { '/static': 'a' }, { 'static/': 'a' }, { '/': 'a' }, { '/a//b/': 'a' }, { '/a b/': 'a' }, { '/./': 'a' }, { '/../': 'a' }],
    says: '',
  }, // biome-ignore format: a list of words
  network: {
    schema: values.network,
    good: ['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'],
    bad: ['', '10.0.0', '10.0.0.0/33', '10.0.0.256', '2001:db8::/129', 'proxy.example', 'all', '10.0.0.0/8;'],
    says: 'must be an IP address or a network',
  },
  headerName: {
    schema: values.headerName,
    good: ['X-Forwarded-For', 'CF-Connecting-IP', 'x1'],
    bad: ['', 'X Forwarded', 'X_Forwarded', '1X', 'X:', 'X\r\nY', '$x'],
    says: 'must be the name of an HTTP header',
  },
  debianPackage: {
    schema: values.debianPackage,
    good: [
      'libpq5',
      'g++',
      'libstdc++6',
      'python3.13',
      'libc6:amd64',
      'g++:arm64',
      'nginx=1.22.1-9+deb12u1',
      'libpq5:amd64=1:15~rc1',
    ],
    bad: [
      '',
      'a',
      '-y',
      '-o=x',
      'Lib',
      'lib pq',
      'lib;pq',
      'openssh-server-',
      'nginx+',
      'ssh+-',
      'libpq5:',
      'libpq5=',
      'libpq5=1-',
      'libpq5/sid',
      'lib*',
      'libc6:amd64-',
    ],
    says: 'must be the name of a Debian package',
  },
  emailAddress: {
    schema: values.emailAddress,
    good: ['admin@shop.example'],
    bad: ['', 'admin', 'admin@', '@shop.example', 'a b@shop.example', '$(id)@shop.example'],
    says: 'must be an e-mail address',
  },
  whole: {
    schema: values.whole(1, 10),
    good: [1, 10],
    bad: [0, 11, 1.5, '1', Number.NaN, Number.POSITIVE_INFINITY, true],
    says: 'must be a whole number from 1 to 10',
  },
};

describe.each(Object.entries(KINDS))('%s', (_name, { schema, good, bad, says }) => {
  it.each(good.map((value) => [value]))('takes %j', (value) => {
    expect(schema.safeParse(value)).toMatchObject({ success: true, data: value });
  });

  it.each(bad.map((value) => [value]))('refuses %j, and says what is allowed', (value) => {
    const { success, error } = schema.safeParse(value);
    expect(success).toBe(false);
    // A value of another type altogether has words of its own: see resolve.test.ts.
    if (error?.issues[0]?.code !== 'invalid_type') expect(error?.issues[0]?.message).toContain(says);
  });
});

describe('the nearest host name', () => {
  it.each([
    ['https://Shop.Example/path', 'shop.example'],
    ['SHOP.EXAMPLE', 'shop.example'],
    ['shop.example:8443', 'shop.example'],
    ['shop.example.', 'shop.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('to %s is %s', (typed, near) => {
    expect(values.hostName.safeParse(typed).error?.issues[0]?.message).toContain(`did you mean "${near}"?`);
  });

  it.each(['shop_example', '10.0.0.1', '', 'a b'])('is not made up for "%s"', (typed) => {
    expect(values.hostName.safeParse(typed).error?.issues[0]?.message).not.toContain('did you mean');
  });
});

describe('a size in bytes', () => {
  it.each([
    ['512', 512],
    ['2k', 2048],
    ['10m', 10_485_760],
    ['1g', 1_073_741_824],
  ])('%s is %d', (text, number) => {
    expect(values.bytes(text)).toBe(number);
  });
});

describe('versions', () => {
  it.each([
    ['1.26.3', '1.26', true],
    ['1.26', '1.26.0', true],
    ['1.9', '1.25', false],
    ['257', '252', true],
    ['1.25.0', '1.25.1', false],
  ])('%s is at least %s: %s', (a, b, answer) => {
    expect(values.atLeast(a, b)).toBe(answer);
  });
});

it.each([
  '/./etc',
  '/srv/.',
  '//srv',
  '/lib/systemd/system',
  '/var/run/x',
  '/root/.ssh',
  '/proc/1',
  '/var/lib/dpkg',
])('a folder of the system is none, in whatever spelling: %s', (path) => {
  const { error } = values.folder.safeParse(path);
  expect(error?.issues.map(({ message }) => message)).toEqual([
    expect.stringContaining("system's own folder"),
  ]);
});
