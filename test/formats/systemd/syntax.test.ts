import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dollars, inFolder, nasty, problemsOf, render, run, testWith, toolEnv } from '../../render/tools.ts';

const unit = 'process-managers/systemd/app.service';
const all = [...nasty, ...dollars].filter((value) => value.length < 4000);

/** What systemd itself understood: at debug level, verify dumps each unit after parsing it. */
function dumped(text: string): Promise<string> {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'app.service'), text);
    const env = { ...toolEnv, SYSTEMD_UNIT_PATH: `${folder}:`, SYSTEMD_LOG_LEVEL: 'debug' };
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', 'app.service'], {
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const dump = `${stdout}${stderr}`;
    const start = dump.indexOf('-> Unit app.service:');
    return dump.slice(start, dump.indexOf('-> Unit ', start + 10));
  });
}

/** The arguments of the dumped command lines; they are printed so that sh reads them, but for a leading `~`. */
function commandLines(dump: string): string[][] {
  const lines = [...dump.matchAll(/Command Line: (.*)/g)].map((match) => match[1]?.replaceAll(' ~', ' \\~'));
  return lines.map((line) => run('sh', [], `printf '%s\\0' ${line}\n`).split('\0').slice(0, -1));
}

testWith('systemd-analyze', 'systemd reads every value of a command line back', async () => {
  const places = ['{{this}}', '"a{{this}}"', "'{{this}}b'"];
  const lines = places.map((place) => `ExecStart=/bin/echo ${place} end\n`).join('');
  const text = render(unit, `[Service]\nType=oneshot\n{{#each values}}\n${lines}{{/each}}\n`, {
    values: all,
  });
  const expected = all.flatMap((value) => [value, `a${value}`, `${value}b`]);
  // `$$` becomes `$` only when the command is run: replace_env_argv in
  // https://github.com/systemd/systemd/blob/main/src/basic/env-util.c
  const seen = commandLines(await dumped(text)).map((words) =>
    words.map((word) => word.replaceAll('$$', '$')),
  );
  expect(seen).toEqual(expected.map((value) => ['/bin/echo', value, 'end']));
});

testWith('systemd-analyze', 'a list is a command line', async () => {
  const command = ['/bin/echo', ...all];
  const text = render(unit, '[Service]\nExecStart={{command}}\nExecReload=:{{command}}\n', { command });
  const [start, reload] = commandLines(await dumped(text));
  expect(start?.map((word) => word.replaceAll('$$', '$'))).toEqual(command);
  expect(reload).toEqual(command);
});

testWith('systemd-analyze', 'environment, paths and plain values come back', async () => {
  const source = `[Unit]
Description={{title}}
[Service]
ExecStart=/bin/true
{{#each values}}
Environment="V{{@index}}={{this}}"
{{/each}}
ReadWritePaths={{folder}} "{{folder}}/x"
WorkingDirectory={{folder}}
`;
  const data = { title: 'a "b" \\ 100% $x it\'s', values: all, folder: '/srv/a b "c" %n' };
  const dump = await dumped(render(unit, source, data));
  for (const [index, value] of all.entries()) expect(dump).toContain(`Environment: V${index}=${value}\n`);
  expect(dump).toContain(`Description: ${data.title}\n`);
  expect(dump).toContain(`WorkingDirectory: ${data.folder}\n`);
});

test.each([
  ['Description={{v}}', ' a', 'a space'],
  ['Description={{v}}', 'a\\', 'joins two lines'],
  ['Description={{v}}', '', 'takes back'],
  ['ExecStart={{v}} x', '-/bin/x', 'prefix'],
  ['ExecStart={{v}} x', '/bin/$x', "program's path"],
  ['ExecStart=/x --a={{v}}', 'a b', 'double quotes in the template'],
  ['After={{v}}', 'a b', 'name of a unit'],
  ['EnvironmentFile={{v}}', '/a*', 'pattern'],
  ['Environment={{v}}', '', 'takes back'],
  ['NoNewPrivileges={{v}}', true, 'yes or no'],
  ['Description={{v}}', 'a\nExecStart=/bin/evil', 'a line end'],
])('%s cannot hold %j', (line, value, message) => {
  expect(problemsOf(() => render(unit, `[Service]\n${line}\n`, { v: value })).join()).toContain(message);
});

test.each([
  ['MemoryMax={{v}}', '50%', 'MemoryMax=50%'],
  ['WorkingDirectory={{v}}', '/a%b c', 'WorkingDirectory=/a%%b c'],
  ['ExecStart=/x/gunicorn -c {{v}}', '/a', 'ExecStart=/x/gunicorn -c /a'],
  ['ExecStart=/x {{v}}', '$a%', 'ExecStart=/x $$a%%'],
  ['ExecStart=:/x {{v}}', '$a%', 'ExecStart=:/x $a%%'],
  ['ExecStart=/x "{{v}}"', 'a"b', 'ExecStart=/x "a\\"b"'],
  ['ExecStart=/x \\\n  # why\n  {{v}} \\\n  y', 'a b', 'ExecStart=/x \\\n  # why\n  "a b" \\\n  y'],
  ['# {{v}}', 'a % $', '# a % $'],
])('%s with %j', (line, value, expected) => {
  expect(render(unit, `${line}\n`, { v: value })).toBe(`${expected}\n`);
});

test.each([
  ['{{v}}=x', 'behind a key'],
  ['[{{v}}]', 'behind a key'],
  ['ExecStart=/bin/sh -c "echo {{v}}"', 'command of a shell'],
  ['ExecStart=/x "{{v}}', 'not closed'],
  ['ExecStart=/x $A{{v}}', 'with braces'],
  ['ExecStart=/x\n  \nfoo', 'without ='],
])('%s does not compile', (source, message) => {
  expect(problemsOf(() => render(unit, `${source}\n`, { v: 'x' })).join()).toContain(message);
});

testWith('systemd-tmpfiles', 'systemd-tmpfiles makes the folder that is meant', async () => {
  const names = all.filter((name) => name.trim() !== '' && !name.includes('/'));
  await inFolder((folder) => {
    const source = '{{#each names}}\nd {{this}} 0755 - - -\nd "{{this}}{{@index}}" 0755 - - -\n{{/each}}\n';
    const text = render('host/tmpfiles.conf', source, { names: names.map((name) => `${folder}/d/${name}`) });
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'app.conf'), text);
    run('systemd-tmpfiles', ['--create', join(folder, 'app.conf')]);
    expect(readdirSync(join(folder, 'd')).sort()).toEqual(
      names.flatMap((name, i) => [name, `${name}${i}`]).sort(),
    );
  });
});

testWith('systemd-sysusers', 'systemd-sysusers makes the user that is meant', async () => {
  await inFolder((folder) => {
    const data = { name: 'shop', title: 'The "Shop" \\ 100% it\'s', home: '/srv/a b' };
    writeFileSync(
      join(folder, 's.conf'),
      render('host/sysusers.conf', 'u {{name}} - {{title}} "{{home}}"\n', data),
    );
    mkdirSync(join(folder, 'root/etc'), { recursive: true });
    run('systemd-sysusers', [`--root=${folder}/root`, join(folder, 's.conf')]);
    expect(readFileSync(join(folder, 'root/etc/passwd'), 'utf8')).toContain(`:${data.title}:${data.home}:`);
  });
});

test.each([
  ['d {{v}} 0755', '-', 'not set'],
  ['d {{v}} 0755', '', 'not set'],
  ['d /a/{{v}} 0755', 'a b', 'double quotes in the template'],
  ['L /a - - - - {{v}}', 'a\\b', 'argument'],
])('tmpfiles: %s cannot hold %j', (line, value, message) => {
  expect(problemsOf(() => render('host/tmpfiles.conf', `${line}\n`, { v: value })).join()).toContain(message);
});

const environment = 'host/environment';

// systemd-tmpfiles reads os-release with the parser of EnvironmentFile= (parse_env_file_internal), and prints it: %W
// is VARIANT_ID. https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html#Specifiers
testWith('systemd-tmpfiles', 'systemd reads every value of an environment file back', async () => {
  for (const place of ['{{v}}', '"a{{v}}"'])
    for (const value of all.filter((each) => each !== ''))
      await inFolder((folder) => {
        mkdirSync(join(folder, 'etc'));
        writeFileSync(
          join(folder, 'etc/os-release'),
          render(environment, `ID=x\nVARIANT_ID=${place}\n`, { v: value }),
        );
        writeFileSync(join(folder, 'a.conf'), 'f /out 0644 - - - [%W]\n');
        run('systemd-tmpfiles', [`--root=${folder}`, '--create', join(folder, 'a.conf')]);
        expect(existsSync(join(folder, 'out'))).toBe(true);
        expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(
          place === '{{v}}' ? `[${value}]` : `[a${value}]`,
        );
      });
});

testWith('sh', 'sh reads the same values from an environment file', () => {
  const source = '{{#each values}}\nA{{@index}}={{this}}\nB{{@index}}="{{this}}"\n{{/each}}\n';
  const names = all.flatMap((_, index) => [`A${index}`, `B${index}`]);
  const script = `${render(environment, source, { values: all })}\nprintf '%s\\0' ${names.map((n) => `"$${n}"`).join(' ')}\n`;
  expect(run('sh', [], script).split('\0').slice(0, -1)).toEqual(all.flatMap((value) => [value, value]));
});

test.each([
  ["A='{{v}}'", "it's", 'single quotes'],
  ['A=x{{v}}', 'a b', 'double quotes in the template'],
  ['{{v}}=', 'a-b', 'name of a variable'],
  ['# {{v}}', 'a\\', 'comment'],
])('environment: %s cannot hold %j', (line, value, message) => {
  expect(problemsOf(() => render(environment, `${line}\n`, { v: value })).join()).toContain(message);
});

test('environment: a comment may not end in a backslash, which older systemd continues', () => {
  expect(problemsOf(() => render(environment, '# a \\\nA=1\n', {})).join()).toContain('no backslash');
});

test('a whole setting is a value, which has no room for a second one', () => {
  const settings = ['ProcSubset=all', 'CPUQuota=150%', 'SystemCallFilter=@chown', 'ProtectHome=read-only'];
  const source = '[Service]\n{{#each values}}\n{{this}}\n{{/each}}\n';
  expect(render(unit, source, { values: settings })).toBe(['[Service]', ...settings, ''].join('\n'));
  for (const wrong of [
    'A=b\nUser=root',
    'A=b c',
    'A=\\',
    'A=',
    '=b',
    'a',
    '[Install]',
    '#A=b',
    'ExecStart=/bin/sh',
  ])
    expect(problemsOf(() => render(unit, source, { values: [wrong] })).join(), wrong).toMatch(
      /KEY=VALUE|line end/,
    );
});
