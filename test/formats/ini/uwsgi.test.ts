import { expect, test } from 'vitest';
import { dollars, nasty, problemsOf, render, run, testWith } from '../../render/tools.ts';

const path = 'app-servers/uwsgi/uwsgi.ini';

/** uWSGI's own words on its configuration: the values of the option `set-placeholder`, in order. */
const reader = (text: string) => {
  const program = `
import json, pathlib, subprocess, sys, tempfile
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "a.ini"
    file.write_bytes(sys.stdin.buffer.read())
    shown = subprocess.run(["uwsgi", "--ini", str(file), "--show-config", "--no-server"], capture_output=True, timeout=30)
lines = (shown.stdout + shown.stderr).decode().split("\\n")
print(json.dumps([line.split("=", 2)[2] for line in lines if line.startswith("set-placeholder = ")]))
`;
  return JSON.parse(run('python3', ['-c', program], text)) as string[];
};

/** What one value becomes; undefined where it is refused. */
const attempt = (place: string, v: string): string | undefined => {
  const source = `set-placeholder = k=${place}\n`;
  return problemsOf(() => render(path, source, { v })).length > 0 ? undefined : render(path, source, { v });
};

/** The same strings each time, of characters that mean something to uWSGI. */
const random = (() => {
  let seed = 11;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const alphabet = [...' $@%()kdn[];#=\\"\'aé{}/:'];
  return Array.from({ length: 400 }, () =>
    Array.from({ length: 1 + next(7) }, () => alphabet[next(alphabet.length)]).join(''),
  );
})();

testWith('uwsgi', 'uWSGI reads every value back that can be held', () => {
  const values = [...nasty, ...dollars, ...random];
  for (const [lead, end] of [
    ['', ''],
    ['x', 'y'],
    ['(', ')'],
  ]) {
    const held = values.filter((v) => v !== '' && attempt(`${lead}{{v}}${end}`, v) !== undefined);
    expect(held.length).toBeGreaterThan(values.length / 2);
    const text = held.map((v) => attempt(`${lead}{{v}}${end}`, v)).join('');
    expect(reader(`[uwsgi]\n${text}`)).toEqual(held.map((v) => `${lead}${v}${end}`));
  }
});

test.each([
  ['a = {{v}}', '$(HOME)', "a parenthesis after '$'"],
  ['a = {{v}}', 'x@(/etc/passwd)', "a parenthesis after '@'"],
  ['a = {{v}}', '%(a)', "a parenthesis after '%'"],
  ['a = b{{v}}', '(c)', 'variable'],
  ['a = {{v}}c', '$', 'variable'],
  ['a = {{v}}', ' a', 'at the start or end'],
  ['a = {{v}}', '', 'an empty value'],
  ['a = {{v}}', 'a\nb', 'a line end'],
])('%j cannot hold %j', (source, v, message) => {
  expect(problemsOf(() => render(path, `${source}\n`, { v })).join()).toContain(message);
});

test.each([
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what stands before a value
  ['a = ${{v}}\n', 'may not follow $'],
  ['a = $({{v}})\n', 'between the parentheses'],
  ['a = @(exec://{{v}})\n', 'between the parentheses'],
  ['a = @(b\n', 'not closed'],
  ['{{v}} = a\n', 'behind a key'],
  ['[{{v}}]\n', 'behind a key'],
  ['a\n', 'not complete'],
  ['a', 'not complete'],
])('%j does not compile', (source, message) => {
  expect(problemsOf(() => render(path, source, { v: 'x' })).join()).toContain(message);
});

test('a per cent sign is doubled, in comments too, and variables of the template stay', () => {
  expect(render(path, '; {{v}}\na = %d{{v}} %%{{v}} $(B) @(c) {{v}}\n', { v: '5%n' })).toBe(
    '; 5%%n\na = %d5%%n %%5%%n $(B) @(c) 5%%n\n',
  );
});
