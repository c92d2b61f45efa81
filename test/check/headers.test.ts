/** The scan of headers: nothing to say of any combination as it is written, and of each mistake that hands make. */
import { describe, expect, test } from 'vitest';
import { unitsOfPlan } from '../../src/units.ts';
import { kit } from './kit.ts';

async function scan(
  { plan, files }: ReturnType<typeof kit>,
  edit: (text: string, path: string) => string = (text) => text,
) {
  const edited = files.map((file) => ({ ...file, text: edit(file.text, file.path) }));
  return (await unitsOfPlan(plan).webServer.scan({ plan, files: edited })).map(({ message }) => message);
}

describe.each(['nginx', 'apache'])('%s', (server) => {
  test.each(['none', 'files', 'letsencrypt'])('as it is written, with tls %s', async (tls) => {
    expect(await scan(kit(`web-server: ${server}`, `tls: ${tls}`))).toEqual([]);
  });
});

test('nginx behind another proxy, and an app with live paths', async () => {
  expect(await scan(kit('tls: proxy', 'trusted-proxies: [10.0.0.0/8]', 'interface: asgi'))).toEqual([]);
  expect(await scan(kit('app-server: uwsgi', 'uwsgi-protocol: uwsgi'))).toEqual([]);
});

describe('a line added by hand', () => {
  test('nginx: one add_header takes all the others away', async () => {
    const found = await scan(kit('tls: files'), (text) =>
      text.replaceAll('include snippets/shop-headers.conf;', 'add_header X-Own 1;'),
    );
    expect(found).toContain(
      'location ^~ /media/ does not send X-Content-Type-Options, so that a browser may guess what a file is',
    );
    expect(found).toContain(
      'location ^~ /static/ does not send Strict-Transport-Security, so that a browser may come back over http',
    );
  });

  test('nginx: uploads without their policy', async () => {
    const found = await scan(kit(), (text) =>
      text.replace(/ *add_header Content-Security-Policy "sandbox.*\n/, ''),
    );
    expect(found).toEqual([
      'location ^~ /media/ does not send Content-Security-Policy, so that an upload may run as a page of the site',
    ]);
  });

  test('nginx: a location of its own with one header set', async () => {
    const found = await scan(kit(), (text, path) =>
      path.endsWith('zz-shop.conf')
        ? text.replace(
            'location / {',
            'location /api/ {\n proxy_pass http://shop;\n proxy_set_header Host $host;\n}\nlocation / {',
          )
        : text,
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^location \/api\/ passes on what the client itself says in X-Forwarded-For, X-Real-IP, X-Forwarded-Proto, /,
      ),
    ]);
  });

  test('nginx: a header that the client decides', async () => {
    const found = await scan(kit(), (text) =>
      text.replace('X-Forwarded-For $remote_addr', 'X-Forwarded-For $proxy_add_x_forwarded_for'),
    );
    expect(found).toEqual(['location / takes X-Forwarded-For from the client: $proxy_add_x_forwarded_for']);
  });

  test('Apache: uploads without their policy, and a header of the client', async () => {
    const apache = kit('web-server: apache');
    expect(await scan(apache, (text) => text.replace(/.*Content-Security-Policy "sandbox.*\n/, ''))).toEqual([
      expect.stringContaining('is served without Content-Security-Policy'),
    ]);
    expect(
      await scan(apache, (text) => text.replace(/.*RequestHeader (?:un)?set X-Real-IP.*\n/g, '')),
    ).toEqual(['the app is given what the client itself says in X-Real-IP']);
  });
});
