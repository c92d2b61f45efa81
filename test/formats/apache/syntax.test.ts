import { expect, test } from 'vitest';
import { dollars, nasty, problemsOf, render, run, testWith } from '../../render/tools.ts';

const path = 'web-servers/apache/site.conf';

/** Apache's own words on its configuration: the values of `Define N "value"`, by their numbers. */
const reader = (text: string) => {
  const program = `
import json, pathlib, re, subprocess, sys, tempfile
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "apache2.conf"
    head = b"LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\\nServerName a.invalid\\nListen 1\\nErrorLog /dev/null\\n"
    file.write_bytes(head + sys.stdin.buffer.read())
    shown = subprocess.run(["apache2", "-d", folder, "-f", str(file), "-t", "-D", "DUMP_RUN_CFG"], capture_output=True, timeout=60)
found = re.findall(rb"^Define: v(\\d+)=(.*)$", shown.stdout, re.M)
if not found:
    sys.exit(shown.stderr.decode())
print(json.dumps([value.decode() for _, value in sorted((int(number), value) for number, value in found)]))
`;
  return JSON.parse(run('python3', ['-c', program], text)) as string[];
};

/** What one value becomes; undefined where it is refused. */
const attempt = (source: string, v: string): string | undefined =>
  problemsOf(() => render(path, source, { v })).length > 0 ? undefined : render(path, source, { v });

/** The same strings each time, of characters that mean something to Apache. */
const random = (() => {
  let seed = 13;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const alphabet = [...' $%{}\\\\""\'\'<>#=;ab/&*?[]^é'];
  return Array.from({ length: 600 }, () =>
    Array.from({ length: 1 + next(8) }, () => alphabet[next(alphabet.length)]).join(''),
  );
})();

testWith('apache2', 'Apache reads every value back that can be held', () => {
  // An empty definition is printed as one that is none.
  const values = [...nasty, ...dollars, ...random].filter((v) => v !== '');
  for (const [lead, end] of [
    ['', ''],
    ['"', '"'],
    ['"x', 'y"'],
    ["'", "'"],
  ]) {
    const held = values.filter((v) => attempt(`Define v ${lead}{{v}}${end}\n`, v) !== undefined);
    expect(held.length).toBeGreaterThan(values.length / 2);
    const text = held.map((v, index) => attempt(`Define v${index} ${lead}{{v}}${end}\n`, v)).join('');
    const around = (v: string) => (lead?.endsWith('x') ? `x${v}y` : v);
    expect(reader(text)).toEqual(held.map(around));
  }
});

test.each(['x"user="root', "x'user='root", 'x\\'])('mod_wsgi is given no option of its own by %j', (v) => {
  for (const line of [
    'WSGIDaemonProcess shop home="/srv/{{v}}"\n',
    'WSGIDaemonProcess shop home=/srv/{{v}}\n',
  ])
    expect(problemsOf(() => render(path, line, { v })).length, line).toBeGreaterThan(0);
});

test.each([
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what Apache would expand
  ['Define a {{v}}\n', '${HOME}', 'variable'],
  ['Define a "{{v}}x{{v}}"\n', '$', 'variable'],
  ['Define a {{v}}\n', 'a\nb', 'a line end'],
  ['Define a x{{v}}\n', 'a b', 'whole word into quotes'],
  ['<Directory "{{v}}">\n</Directory>\n', '/srv/*', 'for a pattern'],
  ['<If "%{REQUEST_URI} == \'{{v}}\'">\n</If>\n', "a' || true || '", 'an expression cannot hold'],
  ['RewriteRule "^" "{{v}}"\n', 'a?b', 'mod_rewrite gives a meaning to'],
  ['RewriteRule "^" "{{v}}"\n', 'a"b', 'mod_rewrite gives a meaning to'],
  ["RewriteRule '^' '{{v}}'\n", "a'b", 'mod_rewrite ends a word at'],
  ['RewriteRule ^ x{{v}}\n', 'a b', 'mod_rewrite ends a word at'],
  ['ErrorDocument 404 "{{v}}"\n', '%{x}', 'reads a variable'],
])('%j cannot hold %j', (source, v, message) => {
  expect(problemsOf(() => render(path, source, { v })).join()).toContain(message);
});

test.each([
  ['{{v}} a\n', 'the name of a directive'],
  ['Define a "{{v}}\n', 'closed on its own line'],
  ['Define a "b"{{v}}\n', 'directly'],
  ['Define a b \\\n', 'backslash'],
  ['<IfModule a>\nDefine a b\n', 'is not closed'],
  ['</IfModule>\n', 'closes no section'],
])('%j does not compile', (source, message) => {
  expect(problemsOf(() => render(path, source, { v: 'x' })).join()).toContain(message);
});

test('what mod_rewrite puts in has its signs escaped', () => {
  expect(render(path, 'RewriteRule "^" "{{v}}/$1"\n', { v: "a b'$1%2\\3" })).toBe(
    'RewriteRule "^" "a b\'\\$1\\%2\\\\3/$1"\n',
  );
});

test('a format has its per cent signs doubled, and a pattern its dots escaped', () => {
  expect(render(path, 'LogFormat "%a {{v}}"\nRedirectMatch 404 "^{{v}}$"\n', { v: '5%.x' })).toBe(
    'LogFormat "%a 5%%.x"\nRedirectMatch 404 "^5%\\\\.x$"\n',
  );
});

test('a pattern in an expression has its dots escaped, and may hold a tilde', () => {
  const source = '<If "%{REQUEST_URI} =~ m#^{{v}}# && %{HTTP_HOST} == \'{{w}}\'">\n</If>\n';
  expect(render(path, source, { v: '/~me/v1.0+/', w: 'a.b' })).toBe(
    '<If "%{REQUEST_URI} =~ m#^/~me/v1\\\\.0\\\\+/# && %{HTTP_HOST} == \'a.b\'">\n</If>\n',
  );
  expect(problemsOf(() => render(path, source, { v: '/a#b/', w: 'a' })).join()).toContain('cannot hold');
  expect(problemsOf(() => render(path, source, { v: '/a/', w: '~a' })).join()).toContain('cannot hold');
});

testWith('apache2', 'Apache takes such a pattern', () => {
  const source = '<If "%{REQUEST_URI} =~ m#^{{v}}#">\n</If>\nDefine v0 "x"\n';
  expect(reader(render(path, source, { v: '/~me/v1.0+/' }))).toEqual(['x']);
});
