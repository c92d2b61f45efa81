import { describe, expect, it } from 'vitest';
import {
  CannotStage,
  check,
  isOlder,
  type RunOptions,
  sortFindings,
  type ToolRunner,
} from '../../src/check/run.ts';
import type { Staging, ToolResult, Validator } from '../../src/contract/validator.ts';
import type { Finding } from '../../src/words/finding.ts';
import { samplePlan, treeFile } from './samples.ts';

const ok: ToolResult = { exitCode: 0, stdout: '', stderr: '' };

interface Fake extends ToolRunner {
  /** Everything that happened, in order. */
  log: string[];
}

/** A machine of a few programs; each gets a command and answers. */
function fakeRunner(
  programs: Record<string, (words: readonly string[], options: RunOptions) => Partial<ToolResult>>,
  passedOver: string[] = [],
): Fake {
  const log: string[] = [];
  let stages = 0;
  return {
    log,
    root: false,
    find: async (tool) => ({
      programs: Object.keys(programs).filter((path) => path.endsWith(`/${tool}`)),
      passedOver,
    }),
    async withStage(use) {
      const stage = `/stage${++stages}`;
      log.push(`make ${stage}`);
      try {
        return await use(stage);
      } finally {
        log.push(`remove ${stage}`);
      }
    },
    async write(path, _text, mode) {
      log.push(`write ${path}${mode === undefined ? '' : ` ${mode.toString(8)}`}`);
    },
    async run([program = '', ...words], options) {
      log.push(`run ${[program, ...words].join(' ')}`);
      const answer = programs[program];
      return answer
        ? { ...ok, ...answer(words, options) }
        : { ...ok, exitCode: -1, failure: `${program} could not be started` };
    },
  };
}

function validator(more: Partial<Validator> = {}): Validator {
  return {
    tool: 'tool',
    checks: 'whether it is right',
    package: 'tool-package',
    risk: () => undefined,
    prepare: ({ files, tool, stage }): Staging | undefined =>
      files.length === 0
        ? undefined
        : {
            files: [
              { path: 'a/x.conf', text: '', shown: 'root/a/x.conf' },
              { path: 'stub', text: '', mode: 0o755 },
            ],
            command: [tool, `${stage}/a/x.conf`],
          },
    read: ({ stdout }, { locate, clean }) =>
      stdout === ''
        ? []
        : [
            {
              code: 'nginx-complains',
              tool: 'tool',
              level: 'error',
              file: locate(stdout) ?? 'none',
              message: clean(stdout),
              remedy: 'r',
            },
          ],
    ...more,
  };
}

const plan = samplePlan();
const files = [treeFile('/a/x.conf', 'x')];

function ask(runner: ToolRunner, ...validators: Validator[]) {
  return check({ plan, files, validators, runner });
}

describe('check', () => {
  it('stages, runs, reads and removes, in this order', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ({ stdout: '/stage1/a/x.conf' }) });
    const found = await ask(runner, validator());
    expect(runner.log).toEqual([
      'make /stage1',
      'write /stage1/a/x.conf',
      'write /stage1/stub 755',
      'run /bin/tool /stage1/a/x.conf',
      'remove /stage1',
    ]);
    expect(found).toEqual([
      {
        code: 'nginx-complains',
        tool: 'tool',
        level: 'error',
        file: 'root/a/x.conf',
        message: 'root/a/x.conf',
        remedy: 'r',
      },
    ]);
  });

  it('knows relative paths of the stage too, and no path of a stub', async () => {
    const at = (stdout: string) => ask(fakeRunner({ '/bin/tool': () => ({ stdout }) }), validator());
    expect(await at('a/x.conf')).toMatchObject([{ file: 'root/a/x.conf' }]);
    expect(await at('./a/x.conf')).toMatchObject([{ file: 'root/a/x.conf' }]);
    expect(await at('/stage1/stub')).toMatchObject([{ file: 'none', message: '/stub' }]);
  });

  it('says that a tool is missing, and what package has it', async () => {
    expect(await ask(fakeRunner({}), validator({ alsoIn: ['/sbin'] }))).toEqual([
      {
        code: 'tool-missing',
        tool: 'tool',
        level: 'unchecked',
        message: 'tool is not here, so it is not known whether it is right',
        remedy: 'Install the Debian package tool-package, or name a folder that has it with --tools.',
      },
    ]);
  });

  it('says which programs it passed over, and how to have them asked', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ({}) }, ['/project/.venv/bin/tool']);
    expect(await ask(runner, validator())).toEqual([
      {
        code: 'tool-passed-over',
        tool: 'tool',
        level: 'warning',
        message: expect.stringContaining('/project/.venv/bin/tool was passed over'),
        remedy: expect.stringContaining('--tools /project/.venv/bin'),
      },
    ]);
    expect(runner.log.join()).not.toContain('/project');
  });

  it('asks no tool about an edited file that it would do more with than read it', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ({ stdout: '/stage1/a/x.conf' }) });
    const risky = validator({ risk: () => ({ because: 'tool would run it', line: 3 }) });
    const edited = { ...treeFile('/a/x.conf', 'x'), edited: true };
    const found = await check({ plan, files: [edited], validators: [risky], runner });
    expect(found).toMatchObject([{ tool: 'tool', level: 'unchecked', file: 'root/a/x.conf', line: 3 }]);
    expect(found[0]?.message).toContain('cannot be checked here: the file was edited, and tool would run it');
    expect(runner.log).toEqual([]);
    expect(await ask(runner, risky)).toMatchObject([{ level: 'error' }]);
  });

  it('does not miss a tool that has nothing to check', async () => {
    expect(await check({ plan, files: [], validators: [validator()], runner: fakeRunner({}) })).toEqual([]);
  });

  it('says what needs no tool even where the tool is missing', async () => {
    const own: Finding = {
      code: 'file-missing',
      tool: 'tool',
      level: 'error',
      file: 'a',
      message: 'wrong name',
      remedy: 'r',
    };
    const found = await ask(fakeRunner({}), validator({ judge: () => [own] }));
    expect(found.map(({ level }) => level)).toEqual(['unchecked', 'error']);
  });

  it('runs what prepares the stage, and stops where that fails', async () => {
    const before = [['/bin/make', 'it']];
    const prepare = () => ({ files: [], before, command: ['/bin/tool'] });
    const good = fakeRunner({ '/bin/tool': () => ok, '/bin/make': () => ok });
    expect(await ask(good, validator({ prepare }))).toEqual([]);
    expect(good.log).toEqual(['make /stage1', 'run /bin/make it', 'run /bin/tool', 'remove /stage1']);
    const bad = fakeRunner({
      '/bin/tool': () => ok,
      '/bin/make': () => ({ exitCode: 1, stderr: '\nno curve\n' }),
    });
    expect(await ask(bad, validator({ prepare }))).toMatchObject([
      {
        level: 'unchecked',
        message: '"/bin/make it" failed: no curve, so it is not known whether it is right',
      },
    ]);
    expect(bad.log.at(-1)).toBe('remove /stage1');
  });

  it('never takes a tool that did not end for a pass', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ({ failure: 'tool did not end within 60 s' }) });
    expect(await ask(runner, validator())).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('60 s') },
    ]);
  });

  it('hands the environment and the stage to the tool', async () => {
    let seen: RunOptions = {};
    const tool = (_words: readonly string[], options: RunOptions) => {
      seen = options;
      return ok;
    };
    const runner = fakeRunner({ '/bin/tool': tool });
    await ask(
      runner,
      validator({ prepare: () => ({ files: [], command: ['/bin/tool'], environment: { A: 'b' } }) }),
    );
    expect(seen).toEqual({ cwd: '/stage1', environment: { A: 'b' } });
  });

  it('turns a full disk into a finding, and removes what it made', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ok });
    runner.write = async () => {
      throw new CannotStage('/tmp/x cannot be written: no space is left on the disk');
    };
    expect(await ask(runner, validator())).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('no space') },
    ]);
    expect(runner.log.at(-1)).toBe('remove /stage1');
  });

  it('does not hide a bug, and removes the stage before it shows', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ok });
    const bug = validator({
      read() {
        throw new TypeError('a bug');
      },
    });
    await expect(ask(runner, bug)).rejects.toThrow('a bug');
    expect(runner.log.at(-1)).toBe('remove /stage1');
  });

  it('gives every validator a stage of its own', async () => {
    const runner = fakeRunner({ '/bin/tool': () => ok });
    await ask(runner, validator(), validator());
    expect(runner.log.filter((line) => line.startsWith('make'))).toEqual(['make /stage1', 'make /stage2']);
  });
});

describe('versions', () => {
  const versioned = (older: 'run' | 'skip'): Validator =>
    validator({
      version: { arguments: ['-v'], pattern: /^v(\S+)/m, wanted: () => '1.26.3', older },
      read: (_result, { versions }) => [
        {
          code: 'nginx-complains',
          tool: 'tool',
          level: 'warning',
          message: `${versions?.here} ${versions?.wanted}`,
          remedy: '',
        },
      ],
    });
  const machine = (versions: Record<string, string>) =>
    fakeRunner(
      Object.fromEntries(
        Object.entries(versions).map(([path, said]) => [
          path,
          ([word]) => (word === '-v' ? { stderr: said } : {}),
        ]),
      ),
    );

  it.each(['1.26.3', '1.26.0', '1.26.9', '1.29.1', '2.0'])('%s is asked', async (here) => {
    expect(await ask(machine({ '/bin/tool': `v${here}` }), versioned('skip'))).toMatchObject([
      { message: `${here} 1.26.3` },
    ]);
  });

  it.each(['1.22.1', '1.9.15', '0.99'])('%s is too old to judge', async (here) => {
    const runner = machine({ '/bin/tool': `v${here}` });
    expect(await ask(runner, versioned('skip'))).toMatchObject([
      {
        level: 'unchecked',
        message: `tool ${here} is here and the host will have 1.26.3, so it is not known whether it is right`,
      },
    ]);
    expect(runner.log).not.toContain('make /stage1');
  });

  it('is asked nevertheless where an old one can judge', async () => {
    expect(await ask(machine({ '/bin/tool': 'v1.22.1' }), versioned('run'))).toMatchObject([
      { message: '1.22.1 1.26.3' },
    ]);
  });

  it.each([
    [{ '/bin/tool': 'v1.22.1', '/venv/tool': 'v1.26.3' }, '/venv/tool'],
    [{ '/bin/tool': 'v1.22.1', '/venv/tool': 'v1.29.0' }, '/venv/tool'],
    [{ '/bin/tool': 'v1.29.0', '/venv/tool': 'v1.26.3' }, '/venv/tool'],
    [{ '/bin/tool': 'v1.29.0', '/venv/tool': 'v1.27.0' }, '/bin/tool'],
    [{ '/bin/tool': 'pyenv: command not found', '/venv/tool': 'v1.26.3' }, '/venv/tool'],
  ])('of %j, %s is asked', async (versions, path) => {
    const runner = machine(versions as unknown as Record<string, string>);
    await ask(runner, versioned('run'));
    expect(runner.log).toContain(`run ${path} /stage1/a/x.conf`);
  });

  it('that nobody says are no pass', async () => {
    expect(
      await ask(machine({ '/bin/tool': 'pyenv: tool: command not found' }), versioned('run')),
    ).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('pyenv: tool: command not found') },
    ]);
  });

  it.each([
    ['252', '257', true],
    ['257', '252', false],
    ['252', '252', false],
    ['23.0.0', '27.0.1', true],
    ['27.0.0', '27.0.1', false],
    ['1.9', '1.10', true],
  ])('%s is older than %s: %s', (here, wanted, expected) => {
    expect(isOlder({ here, wanted })).toBe(expected);
  });
});

describe('sortFindings', () => {
  const finding = (
    tool: string,
    file: string | undefined,
    line: number | undefined,
    message = '',
  ): Finding => ({
    code: 'nginx-complains',
    tool,
    level: 'error',
    message,
    remedy: '',
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
  });

  it('orders by tool, file, line and message', () => {
    const ordered = [
      finding('a', undefined, undefined),
      finding('a', 'x', undefined),
      finding('a', 'x', 2),
      finding('a', 'x', 10, 'a'),
      finding('a', 'x', 10, 'b'),
      finding('a', 'y', 1),
      finding('b', 'a', 1),
    ];
    expect(sortFindings([...ordered].reverse())).toEqual(ordered);
  });

  it('says everything once', () => {
    expect(sortFindings([finding('a', 'x', 1), finding('a', 'x', 1)])).toHaveLength(1);
  });
});
