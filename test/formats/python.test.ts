import { expect, test } from 'vitest';
import { dollars, nasty, problemsOf, render, run, testWith } from '../render/tools.ts';

const path = 'app-servers/gunicorn/gunicorn.conf.py';
const all = [...nasty, ...dollars];

testWith('python3', 'every value comes back, from each kind of string', () => {
  for (const place of ['{{this}}', '"{{this}}"', "'{{this}}'", '"""{{this}}"""', "'''a{{this}}'''[1:]"]) {
    const source = `values = []\n{{#each values}}\nvalues.append(${place})\n{{/each}}\n`;
    const program = `${render(path, source, { values: all })}import json\nprint(json.dumps(values))\n`;
    expect(JSON.parse(run('python3', ['-'], program))).toEqual(all);
  }
});

testWith('python3', 'a value that stands alone is a literal of its type', () => {
  const v = [1, -0.5, true, false, null, 'a', ['b', [2]]];
  const text = render(path, 'v = {{v}}\n', { v });
  expect(text).toBe('v = [1, -0.5, True, False, None, "a", ["b", [2]]]\n');
  expect(JSON.parse(run('python3', ['-'], `${text}import json\nprint(json.dumps(v))\n`))).toEqual(v);
});

test.each([
  ['x = f"{{v}}"\n', 'f-string'],
  ['name_{{v}} = 1\n', 'part of a name'],
  ['x = {{v}}y\n', 'part of a name'],
  ['x = "{{v}}\n', 'not closed'],
  ['x = """{{v}}\n', 'not closed'],
  ['x = "\\{{v}}"\n', 'backslash before'],
])('%j does not compile', (source, message) => {
  expect(problemsOf(() => render(path, source, { v: 'x' })).join()).toContain(message);
});

test('raw strings and bytes hold what they can', () => {
  expect(render(path, 'x = r"{{v}}" b"{{v}}" # {{v}}\n', { v: 'a' })).toBe('x = r"a" b"a" # a\n');
  expect(problemsOf(() => render(path, 'x = r"{{v}}"\n', { v: '\\' })).join()).toContain('raw string');
  expect(problemsOf(() => render(path, 'x = b"{{v}}"\n', { v: 'ü' })).join()).toContain('bytes');
});
