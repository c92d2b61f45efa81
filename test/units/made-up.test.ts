/**
 * A unit is one file, one template folder and one line in an index: here the index has that line, and nothing else
 * knows of the units. They are in the flags, the help, the schema, the wizard, the plan, the files and the run-book.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { FIELDS } from '../../src/answers/schema.ts';
import { main } from '../../src/main.ts';
import { script } from '../wizard/script.ts';

vi.mock('../../src/web-servers/index.ts', async (original) => ({
  webServers: [
    ...(await original<typeof import('../../src/web-servers/index.ts')>()).webServers,
    (await import('./made-up.ts')).webServer,
  ],
}));
vi.mock('../../src/app-servers/index.ts', async (original) => ({
  appServers: [
    ...(await original<typeof import('../../src/app-servers/index.ts')>()).appServers,
    (await import('./made-up.ts')).appServer,
  ],
}));
vi.mock('../../src/process-managers/index.ts', async (original) => ({
  processManagers: [
    ...(await original<typeof import('../../src/process-managers/index.ts')>()).processManagers,
    (await import('./made-up.ts')).processManager,
  ],
}));
vi.mock('../../src/frameworks/index.ts', async (original) => ({
  frameworks: [
    ...(await original<typeof import('../../src/frameworks/index.ts')>()).frameworks,
    (await import('./made-up.ts')).framework,
  ],
}));
vi.mock('../../src/commands/templates.ts', async (original) => ({
  templates: {
    ...(await original<typeof import('../../src/commands/templates.ts')>()).templates,
    ...(await import('./made-up.ts')).compiled,
  },
}));

const work = mkdtempSync(join(tmpdir(), 'made-up-'));
afterAll(() => rmSync(work, { recursive: true }));

const MADE_UP = {
  framework: 'loom',
  'web-server': 'gatehouse',
  'app-server': 'oxcart',
  'process-manager': 'shepherd',
};
const FLAGS = Object.entries(MADE_UP).flatMap(([answer, kind]) => [`--${answer}`, kind]);

/** Runs the program, and gives its status and what it said. */
async function run(...argv: string[]): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const listen = (stream: NodeJS.WriteStream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  const spies = [listen(process.stdout), listen(process.stderr)];
  try {
    return { status: await main(argv), said: said.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const init = (...flags: string[]) => {
  writeFileSync(join(work, 'shop.py'), 'thread = None\n');
  return run('init', work, '--yes', '--no-check', '--domain', 'shop.example', '--name', 'shop', ...flags);
};

describe('made-up units, from the line in the index alone', () => {
  it('are taken through init to files, each with its own answer', async () => {
    const result = await init(...FLAGS, '--app', 'shop:thread', '--oxcart-version', '1.5');
    expect(result, result.said).toMatchObject({ status: 0 });
    const written = (path: string) => readFileSync(join(work, 'deploy', path), 'utf8');
    expect(written('root/etc/shop/oxcart.sh')).toMatch(/^version=1\.5$/m);
    expect(written('root/etc/shop/gatehouse.sh')).toMatch(/^version=1\.2$/m);
    expect(written('root/etc/shop/shepherd.sh')).toMatch(/^version=1\.2$/m);
    expect(written('root/etc/shop/loom.sh')).toMatch(/^version=1\.2$/m);
    expect(written('install.d/process-manager.sh')).toContain('herd check');
    expect(written('install.sh')).toContain('/etc/shop/oxcart.sh');
    expect(written('README.md')).toContain('What Oxcart reads.');
    expect(written('README.md')).toContain('/run/shepherd/shop.sock');
    expect(written('deploy-scaffold.yaml')).toMatch(/^app-server: oxcart$/m);
    expect(await init()).toMatchObject({ status: 0 });
    expect(written('root/etc/shop/oxcart.sh')).toMatch(/^version=1\.5$/m);
  });

  it('are in the help and in the schema', async () => {
    const { said } = await run('init', '--help');
    for (const kind of Object.values(MADE_UP)) expect(said).toContain(`--${kind}-version VERSION`);
    const schema = JSON.parse((await run('schema')).said);
    expect(schema.properties['web-server'].enum).toContain('gatehouse');
    expect(schema.properties).toHaveProperty('loom-version');
  });

  it('refuse what cannot go with them, and lend no answer to others', async () => {
    const refused = await init(...FLAGS, '--framework', 'django', '--django-settings', 'a', '--app', 'a:b');
    expect(refused.status).toBe(2);
    const pair = await init(
      ...['--framework', 'django', '--django-settings', 'shop.settings', '--app', 'shop:app'],
      ...['--app-server', 'oxcart'],
    );
    expect(pair.status).toBe(2);
    expect(pair.said).toContain('Oxcart is too slow for Django');
    expect(pair.said).toContain('gunicorn');
    const lent = await init(
      '--framework',
      'wsgi',
      '--app-server',
      'gunicorn',
      '--app',
      'shop:app',
      '--oxcart-version',
      '1.5',
      '--loom-version',
      '2',
    );
    expect(lent.status).toBe(2);
    expect(lent.said).toContain('oxcart-version: "1.5" goes with app-server: oxcart, and app-server is');
    expect(lent.said).toContain('loom-version: "2" goes with framework: loom, and framework is wsgi');
  });

  it('are found where they are misspelt', async () => {
    const { status, said } = await init('--web-server', 'gatehose', '--app', 'shop:app');
    expect(status).toBe(2);
    expect(said).toContain('did you mean "gatehouse"?');
  });

  it('are offered by the wizard, where nothing refuses them', async () => {
    const { runWizard } = await import('../../src/wizard/wizard.ts');
    const offered = new Map<string, string[]>();
    const answer = (
      question: Parameters<Exclude<Parameters<typeof script>[0], string | boolean | Error>>[0],
    ) => {
      if (question.kind === 'select')
        offered.set(
          question.message,
          question.choices.map((choice) => choice.value),
        );
      throw new Error('enough');
    };
    for (const name of ['web-server', 'app-server', 'process-manager'] as const) {
      const given = { ...known({ domains: ['a.example'], target: 'debian-13', app: 'a:b', name: 'shop' }) };
      const { [name]: _, ...others } = known({ ...MADE_UP, framework: 'loom' });
      const layers = [{ insistent: true, answers: { ...given, ...others } }];
      await runWizard({ layers, detection: undefined, prompter: script(answer), project: 'a' }).catch(
        () => {},
      );
      expect(offered.get(FIELDS[name]?.question ?? ''), name).toContain(MADE_UP[name]);
    }
  });
});

const known = (answers: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, { value, source: 'test' }]));
