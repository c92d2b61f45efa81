import { describe, expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import { AnswersError } from '../../src/answers/problem.ts';
import type { Layer, Resolution } from '../../src/answers/resolve.ts';
import { FIELDS } from '../../src/answers/schema.ts';
import { Cancelled } from '../../src/wizard/cancelled.ts';
import { runWizard } from '../../src/wizard/wizard.ts';
import { type Detection, warningOf } from '../../src/words/detection.ts';
import type { Value } from '../../src/words/value.ts';
import {
  type AskedQuestion,
  CANCEL,
  detected,
  ENTER,
  folderName,
  isSummary,
  known,
  lastSummary,
  questions,
  RECOMMENDED,
  type Reply,
  type Script,
  STACK,
  said,
  script,
  titled,
  WRITE,
} from './script.ts';

const complete = (resolution: Resolution) => resolution;

const DOMAINS = FIELDS.domains?.question ?? '';
const TARGET = FIELDS.target?.question ?? '';
const APP_SERVER = FIELDS['app-server']?.question ?? '';
const TLS = FIELDS.tls?.question ?? '';
const CERTIFICATE = FIELDS['tls-certificate']?.question ?? '';
const KEY = FIELDS['tls-key']?.question ?? '';
const PROXIES = FIELDS['trusted-proxies']?.question ?? '';

/** Runs the wizard as `init` does: what was given, then what was detected, then the folder's name. */
function wizard(prompter: Script, detection: Detection | undefined, ...given: Layer[]) {
  const layers = [...given, ...(detection === undefined ? [] : [detectedLayer(detection)]), folderName];
  return runWizard({ layers, detection, prompter, complete, project: 'shop' });
}

const all = said({
  domains: ['shop.example'],
  target: 'debian-13',
  'web-server': 'nginx',
  'app-server': 'gunicorn',
  'process-manager': 'systemd',
  tls: 'letsencrypt',
});

type Found = Value<unknown>;

describe('what is asked', () => {
  it('asks for a fully detected project only what no source says', async () => {
    const prompter = script('shop.example', ENTER, ...RECOMMENDED, ENTER, WRITE);
    const { answers, sources, problems } = await wizard(prompter, detected());
    expect(questions(prompter)).toEqual([DOMAINS, TARGET, ...STACK, TLS]);
    expect(problems).toEqual([]);
    expect(answers).toMatchObject({
      name: 'shop',
      domains: ['shop.example'],
      target: 'debian-13',
      tls: 'letsencrypt',
      framework: 'django',
      app: 'shop.wsgi:application',
      database: 'postgresql',
    });
    expect(sources).toMatchObject({
      domains: 'your reply',
      target: 'your reply',
      app: 'shop/wsgi.py:16',
      timeout: 'default',
      name: "the folder's name",
    });
  });

  it('asks where nothing was detected for what has no default', async () => {
    const prompter = script(
      'shop.example',
      ENTER,
      ENTER,
      ...RECOMMENDED,
      'shop.wsgi:application',
      ENTER,
      'shop.settings',
      WRITE,
    );
    const { answers } = await wizard(prompter, undefined);
    expect(questions(prompter)).toEqual([
      DOMAINS,
      TARGET,
      FIELDS.framework?.question,
      ...STACK,
      FIELDS.app?.question,
      TLS,
      FIELDS['django-settings']?.question,
    ]);
    expect(answers).toMatchObject({ app: 'shop.wsgi:application', 'django-settings': 'shop.settings' });
    expect(prompter.said[0]).toBe(
      'No framework that deploy-scaffold knows was found in shop, so you are asked.',
    );
  });

  it('asks for the name where the folder suggests none', async () => {
    const prompter = script('shop', WRITE);
    const detection = detected();
    await runWizard({
      layers: [all, detectedLayer(detection)],
      detection,
      prompter,
      complete,
      project: '42',
    });
    expect(questions(prompter)).toEqual([FIELDS.name?.question]);
  });

  it('asks nothing but the summary where an earlier answers file says all', async () => {
    const prompter = script(WRITE);
    const file = {
      domains: ['a.example'],
      target: 'debian-12',
      'web-server': 'nginx',
      'app-server': 'gunicorn',
      'process-manager': 'systemd',
      tls: 'none',
    };
    const earlier = said(file, (name) => `deploy.yaml:${name.length}`);
    const { answers, sources } = await wizard(prompter, detected(), earlier);
    expect(questions(prompter)).toEqual([]);
    expect(answers).toMatchObject({ domains: ['a.example'], target: 'debian-12', tls: 'none' });
    expect(sources.domains).toBe('deploy.yaml:7');
  });

  it('asks what follows from a reply', async () => {
    const prompter = script('shop.example', ENTER, ...RECOMMENDED, 'files', '/etc/ssl/a.pem', ENTER, WRITE);
    const { answers } = await wizard(prompter, detected());
    expect(questions(prompter)).toEqual([DOMAINS, TARGET, ...STACK, TLS, CERTIFICATE, KEY]);
    expect(answers).toMatchObject({
      'tls-certificate': '/etc/ssl/a.pem',
      'tls-key': '/etc/ssl/shop/privkey.pem',
    });
  });

  it('asks what follows from a flag', async () => {
    const prompter = script('10.0.0.0/8, 192.0.2.1', WRITE);
    const { answers } = await wizard(prompter, detected(), said({ ...values(all), tls: 'proxy' }));
    expect(questions(prompter)).toEqual([PROXIES]);
    expect(answers['trusted-proxies']).toEqual(['10.0.0.0/8', '192.0.2.1']);
  });

  it('asks nothing that a flag gave, and takes it before what was detected', async () => {
    const prompter = script(WRITE);
    const { answers } = await wizard(prompter, detected(), said({ ...values(all), database: 'sqlite' }));
    expect(answers.database).toBe('sqlite');
  });
});

describe('an alternative that another answer leaves no room for', () => {
  const asgi = { app: known('shop.asgi:application') };

  it('is not offered, and where one is left nothing is asked', async () => {
    const others = STACK.filter((question) => question !== APP_SERVER);
    const prompter = script('shop.example', ENTER, ...others.map(() => ENTER), ENTER, WRITE);
    const { answers } = await wizard(prompter, detected(asgi));
    expect(questions(prompter)).toEqual([DOMAINS, TARGET, ...others, TLS]);
    expect(answers['app-server']).toBe('gunicorn');
  });

  it('is complained about where it was given, and can be mended', async () => {
    const prompter = script('app-server', 'gunicorn', WRITE);
    const { answers } = await wizard(
      prompter,
      detected(asgi),
      said({ ...values(all), 'app-server': 'uwsgi' }),
    );
    expect(prompter.said.join()).toContain('uWSGI serves WSGI alone; take gunicorn');
    const offer = prompter.asked[1];
    expect(offer?.kind === 'select' && offer.choices.map(({ value }) => value)).toEqual(['gunicorn']);
    expect(answers['app-server']).toBe('gunicorn');
  });
});

describe('what the source leaves open', () => {
  const database: Found = {
    kind: 'one-of',
    options: [
      { value: 'sqlite', when: 'if DEBUG', from: [{ file: 'shop/settings.py', line: 3 }] },
      { value: 'postgresql', when: 'if not DEBUG', from: [{ file: 'shop/settings.py', line: 7 }] },
      { value: 'sqlite', when: 'if TESTING', from: [{ file: 'shop/settings.py', line: 9 }] },
    ],
  };

  it('offers the alternatives with their conditions and places', async () => {
    const prompter = script(titled(/^PostgreSQL/), WRITE);
    const { answers, sources } = await wizard(prompter, detected({ database }), all);
    expect(select(prompter, 0).choices).toEqual([
      {
        value: '0',
        title: 'SQLite',
        why: 'if DEBUG (shop/settings.py:3); or if TESTING (shop/settings.py:9)',
      },
      { value: '1', title: 'PostgreSQL', why: 'if not DEBUG (shop/settings.py:7)' },
      { value: 'other', title: 'Something else', why: 'You are asked for it next.' },
    ]);
    expect([answers.database, sources.database]).toEqual(['postgresql', 'your reply']);
  });

  it('asks in full for something else', async () => {
    const prompter = script(titled(/^Something else/), 'mysql', WRITE);
    const { answers } = await wizard(prompter, detected({ database }), all);
    expect(questions(prompter)).toEqual([FIELDS.database?.question, FIELDS.database?.question]);
    expect(answers.database).toBe('mysql');
  });

  it('offers lists, maps and yes or no in the notation that would be typed', async () => {
    const option = (value: unknown, when: string) => ({ value, when, from: [] });
    const detection = detected({
      env: { kind: 'one-of', options: [option(['A', 'B'], 'if X'), option([], 'else')] },
      media: {
        kind: 'one-of',
        options: [option({ '/media/': 'uploads', '/m/': 'u' }, 'if X'), option({}, 'else')],
      },
      hashed: { kind: 'one-of', options: [option(true, 'if X'), option(false, 'else')] },
    });
    const prompter = script(titled(/^no/), titled(/^\/media/), titled(/^A, B/), WRITE);
    const { answers } = await wizard(prompter, detection, all);
    expect(
      prompter.asked.slice(0, 3).map((q) => (q.kind === 'select' ? q.choices.map((c) => c.title) : [])),
    ).toEqual([
      ['yes', 'no', 'Something else'],
      ['/media/=uploads, /m/=u', 'none', 'Something else'],
      ['A, B', 'none', 'Something else'],
    ]);
    expect(answers).toMatchObject({
      env: ['A', 'B'],
      media: { '/media/': 'uploads', '/m/': 'u' },
      hashed: false,
    });
  });

  it('says of an alternative that is not allowed why not, and asks again', async () => {
    const health: Found = {
      kind: 'one-of',
      options: [
        { value: 'healthz', when: 'if DEBUG', from: [] },
        { value: '/healthz', when: 'if not DEBUG', from: [] },
      ],
    };
    const prompter = script('0', '1', WRITE);
    const { answers } = await wizard(prompter, detected({ health }), all);
    expect(prompter.said).toContainEqual(
      expect.stringContaining('"healthz" must be a URL path, for instance /healthz'),
    );
    expect(answers.health).toBe('/healthz');
  });

  it('asks for what cannot be read, with the reason', async () => {
    const because = 'it is read from the environment variable MEDIA';
    const media: Found = {
      kind: 'unknown',
      because,
      from: [{ file: 'shop/settings.py', line: 40 }],
    };
    const prompter = script('/media/=uploads', WRITE);
    const { answers } = await wizard(prompter, detected({ media }), all);
    expect(prompter.asked[0]?.help).toBe(
      `This cannot be read from the project: ${because} (shop/settings.py:40).\n` +
        `${FIELDS.media?.help} Written as URL=DIR; several are separated by commas.`,
    );
    expect(answers.media).toEqual({ '/media/': 'uploads' });
  });

  it("asks for a folder of the host that may be somebody else's, and Enter alone does not take it", async () => {
    const media: Found = {
      kind: 'known',
      value: { '/media/': '/home/bob/.ssh' },
      from: [{ file: 'shop/settings.py', line: 40 }],
    };
    const prompter = script(ENTER, WRITE);
    const { answers } = await wizard(prompter, detected({ media }), all);
    expect(prompter.asked[0]?.help).toContain('You have to decide this: media: "/home/bob/.ssh"');
    expect(prompter.asked[0]?.help).toContain('(from shop/settings.py:40)');
    expect(answers.media).toEqual({});
    const meant = script('/media/=/home/bob/.ssh', WRITE);
    const taken = await wizard(meant, detected({ media }), all);
    expect(taken.answers.media).toEqual({ '/media/': '/home/bob/.ssh' });
  });

  it('takes commands with commas, divided by semicolons', async () => {
    const unknown: Found = { kind: 'unknown', because: 'it is odd', from: [] };
    const prompter = script('worker=celery -A shop worker -Q a,b; beat=celery -A shop beat', WRITE);
    const { answers } = await wizard(prompter, detected({ background: unknown }), all);
    expect(prompter.asked[0]?.help).toContain(
      'Written as NAME=COMMAND; several are separated by semicolons.',
    );
    expect(answers.background).toEqual({
      worker: 'celery -A shop worker -Q a,b',
      beat: 'celery -A shop beat',
    });
    expect(lastSummary(prompter)).toContain(
      'background | worker=celery -A shop worker -Q a,b; beat=c… | (your reply)',
    );
  });

  it('does not ask for what a flag settles, or for what does not apply', async () => {
    const unknown: Found = { kind: 'unknown', because: 'it is odd', from: [] };
    const prompter = script(WRITE);
    const detection = detected({ database, media: unknown, 'tls-certificate': unknown });
    await wizard(prompter, detection, said({ ...values(all), database: 'none', media: {} }));
    expect(questions(prompter)).toEqual([]);
  });

  it('takes a value that holds unless something else is set', async () => {
    const prompter = script(WRITE);
    const hashed: Found = {
      kind: 'default',
      value: true,
      unless: 'the environment variable DEBUG is set',
      from: [{ file: 's.py', line: 4 }],
    };
    const { answers, sources } = await wizard(prompter, detected({ hashed }), all);
    expect([answers.hashed, sources.hashed]).toEqual([
      true,
      's.py:4, unless the environment variable DEBUG is set',
    ]);
  });
});

describe('how it is asked', () => {
  it('explains each choice in a sentence, the recommended one first', async () => {
    const prompter = script('shop.example', ENTER, ...RECOMMENDED, ENTER, WRITE);
    await wizard(prompter, detected());
    const tls = select(prompter, 2 + STACK.length);
    expect(tls.recommended).toBe('letsencrypt');
    expect(tls.choices[0]?.value).toBe('letsencrypt');
    for (const choice of tls.choices) expect(choice.why).toMatch(/\.$/);
  });

  it('recommends nothing where a fact is asked for', async () => {
    const prompter = script('sqlite', WRITE);
    await wizard(prompter, detected({ database: { kind: 'unknown', because: 'it is odd', from: [] } }), all);
    expect(select(prompter, 0).recommended).toBeUndefined();
    expect(select(prompter, 0).default).toBe('none');
  });

  it('asks again with what is wrong until a reply is right', async () => {
    const prompter = script(
      '',
      'https://shop.example/',
      'shop.example, shop.example',
      'shop.example, www.shop.example',
      ENTER,
      ...RECOMMENDED,
      ENTER,
      WRITE,
    );
    const { answers } = await wizard(prompter, detected());
    expect(prompter.complaints).toEqual([
      'The answer needs at least one host name',
      '"https://shop.example/" must be a host name such as shop.example: lower-case letters, digits and hyphens between dots; did you mean "shop.example"?',
      'The answer names a host twice',
    ]);
    expect(answers.domains).toEqual(['shop.example', 'www.shop.example']);
  });

  it('shows what was given and is wrong, and asks for it', async () => {
    const prompter = script(ENTER, 'shop.example', 'intermediate', '20', WRITE);
    const given = said({ ...values(all), domains: ['shop_example'], 'tls-profile': 'old', timeout: 'long' });
    const { answers } = await wizard(prompter, detected(), given);
    expect(questions(prompter)).toEqual([
      DOMAINS,
      DOMAINS,
      FIELDS['tls-profile']?.question,
      FIELDS.timeout?.question,
    ]);
    expect(prompter.asked[0]).toMatchObject({ default: 'shop_example' });
    expect(prompter.asked[0]?.help).toContain(
      'This has to be changed: domains.0: "shop_example" must be a host name',
    );
    expect(prompter.asked[0]?.help).toContain('(from --domains)');
    expect(prompter.complaints).toHaveLength(1);
    expect(answers).toMatchObject({ domains: ['shop.example'], 'tls-profile': 'intermediate', timeout: 20 });
  });

  it('keeps a value that its own notation cannot express', async () => {
    const prompter = script('media', ENTER, 'name', 'store', WRITE);
    const media = { '/media/': 'up,loads' };
    const { answers, sources } = await wizard(prompter, detected({ media: known(media, 5) }), all);
    expect(answers.media).toEqual(media);
    expect(sources.media).toBe('shop/settings.py:5');
  });
});

describe('what was given and has no place', () => {
  it('asks for the answer that leaves no room for it', async () => {
    const prompter = script('files', ENTER, WRITE);
    const given = said({ ...values(all), tls: 'none', 'tls-certificate': '/etc/ssl/a.pem' });
    const { answers } = await wizard(prompter, detected(), given);
    expect(questions(prompter)).toEqual([TLS, KEY]);
    expect(prompter.asked[0]?.help).toContain('goes with tls: files, and tls is none');
    expect(answers).toMatchObject({ tls: 'files', 'tls-certificate': '/etc/ssl/a.pem' });
  });

  it('takes the reply for the last word on it', async () => {
    const prompter = script('none', WRITE);
    const given = said({ ...values(all), tls: 'none', 'tls-certificate': '/etc/ssl/a.pem' });
    const { answers, problems } = await wizard(prompter, detected(), given);
    expect(problems).toEqual([]);
    expect(answers).not.toHaveProperty('tls-certificate');
  });

  it('refuses an answer that does not exist before it asks anything', async () => {
    const prompter = script();
    const run = wizard(prompter, detected(), said({ domain: ['shop.example'] }));
    await expect(run).rejects.toThrow(AnswersError);
    await expect(run).rejects.toThrow('did you mean "domains"?');
    expect(prompter.asked).toEqual([]);
  });
});

describe('what was found', () => {
  it('is said first, a line each, with its place', async () => {
    const prompter = script(ENTER, ENTER, WRITE);
    const from = (...lines: number[]) => lines.map((line) => ({ file: 'shop/settings.py', line }));
    await wizard(
      prompter,
      detected(
        {
          hashed: { kind: 'default', value: true, unless: 'DEBUG is set', from: from(4, 5, 6) },
          database: {
            kind: 'one-of',
            options: [
              { value: 'sqlite', when: 'if DEBUG', from: from(7) },
              { value: 'postgresql', when: 'if not DEBUG', from: from(8) },
            ],
          },
          media: { kind: 'unknown', because: 'a function gives it', from: from(9) },
        },
        [warningOf('shop/old.py is not valid Python', [{ file: 'shop/old.py', line: 2 }])],
      ),
      all,
    );
    expect(prompter.said[0]).toBe(
      [
        'Found in shop:',
        '',
        '  framework        django                 sure',
        '  app              shop.wsgi:application  sure    shop/wsgi.py:16',
        '  django-settings  shop.settings          sure    shop/settings.py:9',
        '  static           /static/=staticfiles   sure    shop/settings.py:118',
        '  database         sqlite                 or      shop/settings.py:7, if DEBUG',
        '                   postgresql             or      shop/settings.py:8, if not DEBUG',
        '  media            not known              open    shop/settings.py:9: a function gives it',
        '  hashed           yes                    likely  shop/settings.py:4, shop/settings.py:5 and 1 more, unless DEBUG is set',
        '',
        'Note: shop/old.py is not valid Python (shop/old.py:2)',
      ].join('\n'),
    );
  });
});

describe('the summary', () => {
  it('has every answer that applies with its source, between writing and cancelling', async () => {
    const prompter = script(WRITE);
    await wizard(prompter, detected(), all);
    const lines = lastSummary(prompter);
    expect(lines[0]).toBe('Write these files');
    expect(lines.at(-1)).toBe('Cancel, write nothing');
    expect(lines).toContain("name | shop | (the folder's name)");
    expect(lines).toContain('domains | shop.example | (--domains)');
    expect(lines).toContain('timeout | 30 | (default)');
    expect(lines).toContain('media | none | (default)');
    expect(lines).toContain('tls-email | none | (default)');
    expect(lines).toContain('migrate | yes | (default)');
    expect(lines.filter((line) => /^(tls-certificate|trusted-proxies|database-file) /.test(line))).toEqual(
      [],
    );
  });

  it('shortens a long value', async () => {
    const prompter = script(WRITE);
    const env = Array.from({ length: 20 }, (_, index) => `VARIABLE_${index}`);
    await wizard(prompter, detected({ env: known(env) }), all);
    expect(lastSummary(prompter)).toContain(
      'env | VARIABLE_0, VARIABLE_1, VARIABLE_2, VARIABL… | (shop/settings.py:1)',
    );
  });

  it.each([
    ['name', 'store', 'store'],
    ['timeout', '60', 60],
    ['workers', '4', 4],
    ['workers', 'auto', 'auto'],
    ['ipv6', false, false],
    ['database', 'mysql', 'mysql'],
    ['domains', ' a.example ,b.example', ['a.example', 'b.example']],
    ['env', 'A,B', ['A', 'B']],
    ['media', '/media/=uploads, /m/ = u', undefined],
    ['media', '/media/=uploads,/m/=u', { '/media/': 'uploads', '/m/': 'u' }],
    ['tls-email', 'a@shop.example', 'a@shop.example'],
  ] as const)('changes %s to %j', async (name, reply, value) => {
    const rest: Reply[] = value === undefined ? ['', WRITE] : [WRITE];
    const prompter = script(name, reply as Reply, ...rest);
    const { answers, sources } = await wizard(prompter, detected(), all);
    expect(answers[name]).toEqual(value ?? {});
    expect(lastSummary(prompter).some((line) => line.startsWith(`${name} | `))).toBe(true);
    if (value !== undefined && value !== 'auto') expect(sources[name]).toBe('your reply');
  });

  it('leaves an answer that was looked at where it came from', async () => {
    const prompter = script('app', ENTER, 'timeout', ENTER, 'ipv6', ENTER, 'tls-profile', ENTER, WRITE);
    const { sources } = await wizard(prompter, detected(), all);
    expect(sources).toMatchObject({
      app: 'shop/wsgi.py:16',
      timeout: 'default',
      ipv6: 'default',
      'tls-profile': 'default',
    });
  });

  it('leaves out an answer that may be missing', async () => {
    const prompter = script('tls-email', '', WRITE);
    const { answers } = await wizard(
      prompter,
      detected(),
      said({ ...values(all), 'tls-email': 'a@shop.example' }),
    );
    expect(answers).not.toHaveProperty('tls-email');
  });

  it('asks what a change calls for before it returns', async () => {
    const prompter = script('tls', 'proxy', '10.0.0.1', WRITE);
    const { answers } = await wizard(prompter, detected(), all);
    expect(prompter.asked.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Is all/),
      TLS,
      PROXIES,
      expect.stringMatching(/^Is all/),
    ]);
    expect(answers).toMatchObject({ tls: 'proxy', 'trusted-proxies': ['10.0.0.1'] });
    expect(answers).not.toHaveProperty('hsts');
  });

  it('drops replies that no longer apply, and has them again when they do', async () => {
    const prompter = script(
      'tls',
      'files',
      '/etc/ssl/a.pem',
      '/etc/ssl/a.key',
      'tls',
      'none',
      'tls',
      'files',
      WRITE,
    );
    const { answers, problems } = await wizard(prompter, detected(), all);
    expect(problems).toEqual([]);
    expect(answers['tls-key']).toBe('/etc/ssl/a.key');

    const dropped = script('tls', 'files', ENTER, ENTER, 'tls', 'none', WRITE);
    const result = await wizard(dropped, detected(), all);
    expect(result.problems).toEqual([]);
    expect(result.answers).not.toHaveProperty('tls-key');
  });

  it('shows what does not go together, and does not write until it is mended', async () => {
    const prompter = script(
      'hsts-preload',
      true,
      WRITE,
      'hsts',
      '31536000',
      WRITE,
      'hsts-subdomains',
      true,
      WRITE,
    );
    const { answers, problems } = await wizard(prompter, detected(), all);
    expect(problems).toEqual([]);
    expect(answers).toMatchObject({ 'hsts-preload': true, hsts: 31_536_000, 'hsts-subdomains': true });
    const summaries = prompter.asked.filter(isSummary);
    expect(summaries).toHaveLength(6);
    expect(summaries[1]).toMatchObject({ default: 'hsts-preload' });
    expect((summaries[1] as Extract<AskedQuestion, { kind: 'select' }>).choices[0]?.title).toBe(
      'Write these files (not yet)',
    );
    const complaints = prompter.said.filter((text) => text.includes('do not go together'));
    expect(complaints).toHaveLength(4);
    expect(complaints[0]).toContain(
      'hsts-preload: true needs hsts of at least 31536000 and hsts-subdomains (from your reply)',
    );
  });

  it('has either of two answers changed that contradict each other', async () => {
    const prompter = script('static', '/a/=staticfiles', WRITE);
    const given = said({ ...values(all), media: { '/static/': 'uploads' } });
    const { answers } = await wizard(prompter, detected(), given);
    expect(prompter.asked[0]).toMatchObject({ default: 'media' });
    expect(answers).toMatchObject({ static: { '/a/': 'staticfiles' }, media: { '/static/': 'uploads' } });
  });

  it('offers the alternatives of the source again', async () => {
    const option = (value: string, when: string) => ({ value, when, from: [] });
    const database = {
      kind: 'one-of',
      options: [option('sqlite', 'if A'), option('mysql', 'else')],
    } as const;
    const prompter = script(titled(/^MySQL/), 'database', titled(/^SQLite/), WRITE);
    const { answers } = await wizard(
      prompter,
      detected({ database: { ...database, options: [...database.options] } }),
      all,
    );
    expect(prompter.asked[2]).toMatchObject({ default: '1' });
    expect(answers).toMatchObject({ database: 'sqlite', 'database-file': 'db.sqlite3' });
  });

  it('cancels', async () => {
    await expect(wizard(script(CANCEL), detected(), all)).rejects.toThrow(Cancelled);
  });
});

describe('stopping', () => {
  const replies: Reply[] = [
    'shop.example',
    ENTER,
    ...RECOMMENDED,
    'files',
    ENTER,
    ENTER,
    'workers',
    '4',
    'ipv6',
    false,
    WRITE,
  ];

  it.each(replies.map((_, index) => index))('ends at question %i, and asks nothing more', async (index) => {
    const prompter = script(...replies.slice(0, index), new Cancelled());
    await expect(wizard(prompter, detected())).rejects.toThrow(Cancelled);
    expect(prompter.asked).toHaveLength(index + 1);
  });
});

function select(prompter: Script, index: number): Extract<AskedQuestion, { kind: 'select' }> {
  const question = prompter.asked[index];
  if (question?.kind !== 'select') throw new Error(`question ${index} is no select`);
  return question;
}

function values({ answers }: Layer): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answers).map(([name, { value }]) => [name, value]));
}
