import { expect, test } from 'vitest';
import { nasty, problemsOf, render, run, testWith } from '../render/tools.ts';

const md = 'deploy/README.md';
const html = 'host/unavailable.html';

test.each([
  ['a {{v}} b', '*x* <y> [z](u) |', 'a \\*x\\* \\<y\\> \\[z\\](u) \\| b'],
  ['{{v}}', '# no heading', '\\# no heading'],
  ['{{v}}', '1. no list', '1\\. no list'],
  ['{{v}}', '- no list', '\\- no list'],
  ['`{{v}}`', '<*>|', '`<*>|`'],
  ['``a `{{v}}``', '*', '``a `*``'],
  ['| `{{v}}` | {{v}} |', 'a|b', '| `a\\|b` | a\\|b |'],
  ['[x]({{v}})', 'https://a/b (c)', '[x](https://a/b%20%28c%29)'],
  ['<https://{{v}}/>', 'a b', '<https://a%20b/>'],
  ['See <{{v}}>.', 'https://a.example/is_well>', 'See <https://a.example/is_well%3E>.'],
  ['<!-- {{v}} --> {{v}}', 'a.b', '<!-- a.b --> a.b'],
  ['```\n{{v}}\n```', '*a* `b`', '```\n*a* `b`\n```'],
  ['```sh\nsudo x -d {{v}} # {{v}}\n```', "it's", "```sh\nsudo x -d 'it'\\''s' # it's\n```"],
  ['```nginx\nroot {{v}};\n```', 'a b', '```nginx\nroot "a b";\n```'],
  ['```python\nx = {{v}}\n```\n*{{v}}*', true, undefined],
  ['- x:\n  ```sh\n  echo {{v}}\n  ```\n{{v}}', 'a *', "- x:\n  ```sh\n  echo 'a *'\n  ```\na \\*"],
  ['```mermaid\na["{{v}}"] --> b\n```', 'x "y" #1;', '```mermaid\na["x #34;y#34; #35;1#59;"] --> b\n```'],
  ['```mermaid\n{{v}} --> b\n```', 'x', '```mermaid\nx --> b\n```'],
])('markdown: %j', (source, value, expected) => {
  if (expected === undefined)
    return expect(problemsOf(() => render(md, source, { v: value })).join()).toContain('yes or no');
  expect(render(md, `${source}\n`, { v: value })).toBe(`${expected}\n`);
});

test.each([
  ['`{{v}}`', 'a`b', 'inline code'],
  ['`{{v}}`', '', 'empty'],
  ['```\n{{v}}\n```', '```', 'fenced block ends'],
  ['[x]({{v}})', 'javascript:alert(1)', 'a link'],
  ['<!-- {{v}} -->', '-->', 'comment'],
  ['| `{{v}}` |', 'a\\|b', 'in a table'],
  ['{{v}}', 'a\nb', 'a line end'],
  ['```mermaid\n{{v}} --> b\n```', 'x y', 'double quotes'],
])('markdown: %j cannot hold %j', (source, value, message) => {
  expect(problemsOf(() => render(md, `${source}\n`, { v: value })).join()).toContain(message);
});

test.each([
  ['`a {{v}}\n\nb', 'code is not closed'],
  ['```\n{{v}}\n', 'not closed'],
  ['<a href="{{v}}">x</a>', 'inside <'],
  ['[a](b "{{v}}")', 'title'],
  ['```{{v}}\n```', 'opening of a fenced block'],
  ['```sh\nsh -c "{{v}}"\n```', 'second time'],
  ['a `{{#if v}}b`{{/if}} c', 'must end alike'],
])('markdown: %j does not compile', (source, message) => {
  expect(problemsOf(() => render(md, `${source}\n`, { v: 'x' })).join()).toContain(message);
});

testWith('python3', 'html: a parser reads every value back', () => {
  const values = [...nasty, '&amp;', '</p>', '<script>'];
  const source =
    '<!doctype html>\n{{#each values}}\n<p title="{{this}}" lang=\'{{this}}\'>{{this}}</p>\n{{/each}}\n';
  const program = `
import html.parser, json, sys
seen = []
class P(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs): seen.extend(v for _, v in attrs); seen.append('')
    def handle_data(self, data):
        if seen and seen[-1] is not None: seen[-1] += data
    def handle_endtag(self, tag): seen.append(None)
P().feed(sys.stdin.buffer.read().decode())
print(json.dumps(seen))
`;
  const seen = JSON.parse(run('python3', ['-c', program], render(html, source, { values })));
  expect(seen.filter((each: string | null) => each !== null)).toEqual(
    values.flatMap((value) => [value, value, value]),
  );
});

test.each([
  ['<a href={{v}}>', 'quoted attribute only'],
  ['<{{v}}>', 'quoted attribute only'],
  ['<script>x = "{{v}}"</script>', 'quoted attribute only'],
  ['<p onclick="{{v}}">', 'which is code'],
  ['<p style="{{v}}">', 'which is code'],
  ['<p class="x', 'ends inside double'],
])('html: %j does not compile', (source, message) => {
  expect(problemsOf(() => render(html, `${source}\n`, { v: 'x' })).join()).toContain(message);
});

test('html: links and comments', () => {
  expect(render(html, '<a href="{{v}}">a < b</a><!-- {{w}} -->\n', { v: '/a?b&c', w: 'x' })).toBe(
    '<a href="/a?b&amp;c">a < b</a><!-- x -->\n',
  );
  const problems = problemsOf(() => render(html, '<a href="{{v}}">\n', { v: 'javascript:x' })).join();
  expect(problems).toContain('a link cannot safely start with');
});
