/** Completion, as the real shells do it at a terminal: keys go in, and what the command line became comes out. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELDS, flagOf } from '../../src/answers/schema.ts';
import { itNeeds, programs } from '../support/tools.ts';
import { run, temporaryFolder } from './cli.ts';

const work = temporaryFolder();
mkdirSync(join(work, 'shop/inner'), { recursive: true });
writeFileSync(join(work, 'file.yaml'), '');

/** How each is started without anybody's own settings, and takes up the script. What is completed prints its words. */
const SHELLS = {
  bash: {
    words: ['bash', '--norc', '--noprofile', '-i'],
    setUp: (script: string) =>
      `PS1='rea''dy> '; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; . ${script}; deploy-scaffold() { printf '<%s>' "$@"; echo .; }`,
  },
  zsh: {
    words: ['zsh', '-f', '-i'],
    setUp: (script: string) =>
      `PS1='rea''dy> '; autoload -U compinit; compinit -u -D; . ${script}; deploy-scaffold() { printf '<%s>' "$@"; echo .; }`,
  },
  fish: {
    words: ['fish', '--no-config', '-i'],
    setUp: (script: string) =>
      `source ${script}; function deploy-scaffold; printf '<%s>' $argv; echo .; end; function fish_prompt; echo 'rea''dy> '; end`,
  },
} as const;

/** Types lines at a pseudo-terminal, the next when the last was printed; gives what the words of each became. */
const TYPIST = `
import json, os, pty, re, select, sys
shell, setup, lines = json.load(sys.stdin)
process, terminal = pty.fork()
if process == 0:
    os.execvp(shell[0], shell)
seen = b""
def until(pattern):
    global seen
    while not re.search(pattern, seen):
        if not select.select([terminal], [], [], 20)[0]:
            sys.exit("never seen: %r in %r" % (pattern, seen[-2000:]))
        seen += os.read(terminal, 65536)
    found, seen = re.search(pattern, seen), b""
    return found.group().decode()
os.write(terminal, setup.encode() + b"\\r")
until(rb"ready> ")
became = []
for line in lines:
    os.write(terminal, line.encode() + b"\\r")
    became.append(until(rb"(?:<[^<>\\r\\n]*>)+(?=\\.)"))
os.kill(process, 9)
print(json.dumps(became))
`;

function typed(shell: keyof typeof SHELLS, lines: readonly string[]): string[] {
  const { stdout } = run(['completion', shell]);
  const script = join(work, `completion.${shell}`);
  writeFileSync(script, stdout);
  const { words, setUp } = SHELLS[shell];
  const ran = spawnSync('python3', ['-c', TYPIST], {
    cwd: work,
    encoding: 'utf8',
    input: JSON.stringify([words, setUp(script), lines]),
    env: { PATH: process.env.PATH, HOME: work, TERM: 'dumb', LC_ALL: 'C.UTF-8' },
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout);
}

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])('%s', (shell) => {
  const test = itNeeds(programs(shell, 'python3'));

  // zsh writes --flag=value by itself; fish leaves the slash behind a folder.
  test('completes commands, flags, values, files and folders', () => {
    expect(
      typed(shell, [
        'deploy-scaffold sch\t',
        'deploy-scaffold init --web-s\tng\t',
        'deploy-scaffold init --process-man\tsuper\t',
        'deploy-scaffold init --answers fi\t',
        'deploy-scaffold check --sar\tfi\t',
        'deploy-scaffold detect sho\t',
        'deploy-scaffold completion zs\t',
        'deploy-scaffold init --web-server=apa\t',
      ]).map((line) => line.replaceAll('/>', '>').replaceAll('=', '><')),
    ).toEqual([
      '<schema>',
      '<init><--web-server><nginx>',
      '<init><--process-manager><supervisord>',
      '<init><--answers><file.yaml>',
      '<check><--sarif><file.yaml>',
      '<detect><shop>',
      '<completion><zsh>',
      '<init><--web-server><apache>',
    ]);
  });

  test('is taken by the shell without a word', () => {
    const { stdout } = run(['completion', shell]);
    writeFileSync(join(work, `syntax.${shell}`), stdout);
    expect(spawnSync(shell, ['-n', join(work, `syntax.${shell}`)], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('knows every answer, and every alternative of it', () => {
    const { stdout } = run(['completion', shell]);
    for (const [name, { choices = [] }] of Object.entries(FIELDS)) {
      expect(stdout).toContain(shell === 'fish' ? `-l ${flagOf(name)} ` : `--${flagOf(name)}`);
      for (const { value } of choices) expect(stdout).toMatch(new RegExp(`[\\s('"]${value}[\\s)'"]`));
    }
  });
});

it('names the shells that it knows', () => {
  expect(run(['completion'])).toMatchObject({ status: 2, stdout: '' });
  expect(run(['completion']).stderr).toContain('SHELL: is missing: name one of bash, zsh, fish');
  expect(run(['completion', 'bash', 'zsh']).stderr).toContain(
    'zsh: is one word too many: there is one shell, and it is bash',
  );
  expect(run(['completion', 'fsh']).stderr).toContain(
    'fsh: is not a shell that is known here; there are bash, zsh, fish',
  );
});
