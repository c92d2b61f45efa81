import { expect, test } from 'vitest';
import { dollars, nasty, problemsOf, render, run, testWith } from '../../render/tools.ts';

const path = 'x/install.sh';
const all = [...nasty, ...dollars];

testWith('sh', 'every value comes back byte for byte, from each kind of quotes', () => {
  const places = [
    '{{this}}',
    '"{{this}}"',
    "'{{this}}'",
    'x{{this}}',
    '"$(printf "%s" "{{this}}")"',
    '"a"{{this}}"b"',
  ];
  for (const place of places) {
    const source = `#!/bin/sh\n{{#each values}}\nprintf '%s\\0' ${place}\n{{/each}}\n`;
    const output = run('sh', [], render(path, source, { values: all }))
      .split('\0')
      .slice(0, -1);
    const around = place.startsWith('x') ? ['x', ''] : place.startsWith('"a"') ? ['a', 'b'] : ['', ''];
    expect(output).toEqual(all.map((value) => `${around[0]}${value}${around[1]}`));
  }
});

testWith('sh', 'a list is words', () => {
  const output = run('sh', [], render(path, "printf '[%s]' {{words}}\n", { words: all }));
  expect(output).toBe(all.map((word) => `[${word}]`).join(''));
});

testWith('shellcheck', 'what is written pleases shellcheck', () => {
  const source = '#!/bin/sh\n{{#each values}}\nprintf "%s" {{this}}\n{{/each}}\n';
  expect(run('shellcheck', ['-S', 'error', '-'], render(path, source, { values: nasty }))).toBe('');
});

test.each([
  ['plain.word/1', 'plain.word/1'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['if', "'if'"],
])('a word is quoted only where it must be: %s', (value, expected) => {
  expect(render(path, 'echo {{v}}\n', { v: value })).toBe(`echo ${expected}\n`);
});

test.each([
  ['sh -c "echo {{v}}"\n', 'second time'],
  ["su app -s /bin/sh -c 'cd {{v}}'\n", 'second time'],
  ['eval {{v}}\n', 'second time'],
  ["trap 'rm {{v}}' EXIT\n", 'second time'],
  ['ssh host {{v}}\n', 'second time'],
  ['cat <<EOF\n{{v}}\nEOF\n', 'here-document'],
  ["cat <<-'E F'\n\tx {{v}}\n\tE F\n", 'here-document'],
  ['echo `{{v}}`\n', 'instead of backticks'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is shell
  ['echo "${x:-{{v}} }"\n', 'parameter expansion'],
  ['echo "{{v}}\n', 'ends inside double'],
  ['echo \\\n{{!-- why --}}\n  x\n', 'no comment can be written here'],
])('%j does not compile', (source, message) => {
  expect(problemsOf(() => render(path, source, { v: 'x' })).join()).toContain(message);
});

test('text around values is followed through here-documents, arithmetic, case and nested commands', () => {
  const source = [
    "cat <<'END' | sort",
    'it\'s $(not code" ',
    'END',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is shell
    'n=$((${last:-0} + {{n}}))',
    'case $1 in',
    "  {{v}}) echo {{v}} ;; # it's fine",
    'esac',
    'sh -c \'echo "$1"\' sh {{v}}',
    'grep -c {{v}} file >{{v}}',
    '',
  ].join('\n');
  const text = render(path, source, { n: 2, v: 'a b' });
  expect(text).toContain("'a b') echo 'a b' ;;");
  expect(text).toContain('sh {{v}}'.replace('{{v}}', "'a b'"));
  expect(problemsOf(() => render(path, source, { n: 'x', v: '' })).join()).toContain('whole number');
});

test('digits before a redirection stay a word', () => {
  expect(render(path, 'echo {{v}}>file\n', { v: 2 })).toBe("echo '2'>file\n");
});

test('a value does not lengthen the name of a variable before it', () => {
  expect(render(path, 'echo $a{{v}} "$a{{w}}" "$1{{v}}"\n', { v: 'x', w: '/x' })).toBe(
    'echo $a\'x\' "$a/x" "$1x"\n',
  );
  expect(problemsOf(() => render(path, 'echo "$a{{v}}"\n', { v: 'x' })).join()).toContain('name would go on');
});
