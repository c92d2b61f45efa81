/**
 * A unit is a folder of sources, a folder of templates and a line in an index, as npm run new-unit makes them: here it
 * has made one of each kind, in a copy of the repository, and nothing else knows of them. They are in the flags, the
 * help, the schema, the wizard, the plan, the files and the run-book.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { script } from '../wizard/script.ts';
import { type Tree, treeWith } from './tree.ts';

const MADE_UP = {
  framework: 'loom',
  'web-server': 'gatehouse',
  'app-server': 'ox-cart',
  'process-manager': 'shepherd',
};
const FLAGS = Object.entries(MADE_UP).flatMap(([answer, kind]) => [`--${answer}`, kind]);
const work = mkdtempSync(join(tmpdir(), 'made-up-'));
let tree: Tree;
let main: typeof import('../../src/main.ts').main;
let fields: typeof import('../../src/answers/schema.ts').FIELDS;
let wizard: typeof import('../../src/wizard/wizard.ts');

beforeAll(async () => {
  tree = treeWith(...Object.entries(MADE_UP).map((words) => words.join(' ')));
  const inTree = (path: string) => import(join(tree.folder, path));
  main = (await inTree('src/main.ts')).main;
  fields = (await inTree('src/answers/schema.ts')).FIELDS;
  wizard = await inTree('src/wizard/wizard.ts');
});
afterAll(() => {
  tree?.remove();
  rmSync(work, { recursive: true });
});

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
  writeFileSync(join(work, 'shop.py'), 'from loom import App\n\nthread = App()\n');
  return run('init', work, '--yes', '--no-check', '--domain', 'shop.example', '--name', 'shop', ...flags);
};

describe('npm run new-unit', () => {
  const program = (name: string) => join(tree.folder, 'node_modules/.bin', name);
  const passes = (...command: [string, ...string[]]) => {
    const { status, said } = tree.run(...command);
    expect(status, said).toBe(0);
  };

  it('writes what the types allow', () => {
    passes(program('tsc'), '--noEmit');
  });

  it('writes tests that pass, and what the installer asks for', () => {
    const own = [
      'app-servers/ox-cart',
      'frameworks/loom',
      'process-managers/shepherd',
      'web-servers/gatehouse',
    ];
    passes(
      ...[program('vitest'), 'run', '--reporter=agent'],
      ...[...own, 'kit/installer-hooks'].map((path) => `test/${path}`),
    );
  });

  it('says what to do next', () => {
    const other = treeWith();
    try {
      const { status, said } = other.run('node', 'scripts/new-unit.mjs', 'web-server', 'drawbridge');
      expect(status, said).toBe(0);
      expect(said).toContain('  src/web-servers/drawbridge/unit.ts\n');
      expect(said).toContain('1. Say what drawbridge is');
    } finally {
      other.remove();
    }
  });

  it.each([
    [['gatehouse'], '"gatehouse" is not a kind of unit'],
    [['web-servers', 'moat'], '"web-servers" is not a kind of unit'],
    [['web-server'], '"" cannot be the name of a unit'],
    [['web-server', 'Moat'], '"Moat" cannot be the name of a unit'],
    [['web-server', '../moat'], '"../moat" cannot be the name of a unit'],
    [['web-server', 'new'], '"new" cannot be the name of a unit'],
    [['web-server', 'nginx'], '"nginx" is taken'],
    [['web-server', 'shepherd'], '"shepherd" is taken'],
    [['process-manager', 'daemon'], '"daemon" is taken: see templates/process-managers/daemon'],
  ])('refuses %j, and writes nothing', (words, because) => {
    const files = () => readdirSync(join(tree.folder, 'src'), { recursive: true }).sort();
    const before = files();
    const { status, said } = tree.run('node', 'scripts/new-unit.mjs', ...words);
    expect(status).toBe(2);
    expect(said).toContain(because);
    expect(files()).toEqual(before);
  });
});

describe('made-up units, from their lines in the indexes alone', () => {
  it('are taken through init to files, each with its own answer', async () => {
    const result = await init(...FLAGS, '--app', 'shop:thread', '--ox-cart-version', '1.5');
    expect(result, result.said).toMatchObject({ status: 0 });
    const written = (path: string) => readFileSync(join(work, 'deploy', path), 'utf8');
    expect(written('root/etc/shop/serve.py')).toMatch(/server_software = "1\.5"$/m);
    expect(written('root/etc/gatehouse/shop.sh')).toMatch(/^version=1\.0$/m);
    expect(written('root/etc/shop/shepherd.sh')).toMatch(/^version=1\.0$/m);
    expect(written('install.d/process-manager.sh')).toContain('shepherd restart shop');
    expect(written('install.sh')).toContain('/etc/shop/serve.py');
    expect(written('README.md')).toContain('Starts Ox Cart on the socket that it is handed.');
    expect(written('README.md')).toContain('/run/shop/app.sock');
    expect(written('deploy-scaffold.yaml')).toMatch(/^app-server: ox-cart$/m);
    expect(await init()).toMatchObject({ status: 0 });
    expect(written('root/etc/shop/serve.py')).toMatch(/server_software = "1\.5"$/m);
  });

  it('are in the help and in the schema', async () => {
    const { said } = await run('init', '--help');
    for (const kind of ['gatehouse', 'ox-cart', 'shepherd'])
      expect(said).toContain(`--${kind}-version VERSION`);
    const schema = JSON.parse((await run('schema')).said);
    expect(schema.properties['web-server'].enum).toContain('gatehouse');
    expect(schema.properties).toHaveProperty('ox-cart-version');
  });

  it('refuse what cannot go with them, and lend no answer to others', async () => {
    const twice = await init(...FLAGS, '--framework', 'django', '--django-settings', 'a', '--app', 'a:b');
    expect(twice.status).toBe(2);
    const pair = await init('--framework', 'starlette', '--app', 'shop:app', '--app-server', 'ox-cart');
    expect(pair.status).toBe(2);
    expect(pair.said).toContain('Ox Cart serves WSGI alone');
    expect(pair.said).toContain('gunicorn');
    const lent = await init(
      ...['--framework', 'wsgi', '--app', 'shop:app', '--app-server', 'gunicorn'],
      ...['--process-manager', 'systemd', '--ox-cart-version', '1.5', '--shepherd-version', '2'],
    );
    expect(lent.status).toBe(2);
    expect(lent.said).toContain('ox-cart-version: "1.5" goes with app-server: ox-cart, and app-server is');
    expect(lent.said).toContain('shepherd-version: "2" goes with process-manager: shepherd');
  });

  it('are found where they are misspelt', async () => {
    const { status, said } = await init('--web-server', 'gatehose', '--app', 'shop:app');
    expect(status).toBe(2);
    expect(said).toContain('did you mean "gatehouse"?');
  });

  it('are offered by the wizard, where nothing refuses them', async () => {
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
      const { [name]: _, ...others } = known(MADE_UP);
      const layers = [{ insistent: true, answers: { ...given, ...others } }];
      await wizard
        .runWizard({
          layers,
          detection: undefined,
          prompter: script(answer),
          complete: (resolution) => resolution,
          project: 'a',
        })
        .catch(() => {});
      expect(offered.get(fields[name]?.question ?? ''), name).toContain(MADE_UP[name]);
    }
  });
});

const known = (answers: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, { value, source: 'test' }]));
