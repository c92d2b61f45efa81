import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../src/render/compile.ts';
import { RenderError, TemplateError, UnquotableValue } from '../../src/render/problem.ts';
import { renderTemplate } from '../../src/render/render.ts';
import { syntaxNamed, syntaxOfPath } from '../../src/render/syntaxes.ts';
import { inFolder, problemsOf, render } from './tools.ts';

const path = 'templates/web-servers/nginx/site.conf.hbs';

test.each([
  ['templates/web-servers/nginx/site.conf.hbs', 'nginx'],
  ['web-servers/nginx/install.sh.hbs', 'shell'],
  ['process-managers/systemd/app.socket', 'systemd'],
  ['host/sysusers.conf.hbs', 'tmpfiles'],
  ['host/environment.hbs', 'environment'],
  ['app-servers/gunicorn/gunicorn.conf.py.hbs', 'python'],
  ['project/README.md.hbs', 'markdown'],
  ['host/unavailable.html.hbs', 'html'],
  ['x/unknown.hbs', undefined],
])('the syntax of %s is %s', (file, name) => {
  expect(syntaxOfPath(file)?.name).toBe(name);
});

test('an unknown path or syntax is an error', () => {
  expect(problemsOf(() => compileTemplate('x/unknown.hbs', ''))[0]).toMatch(
    /^x\/unknown.hbs:1: no syntax is known/,
  );
  expect(() => syntaxNamed('cobol')).toThrow('cobol');
});

test.each([
  ['{{{a}}}', 'this mustache may not be used'],
  ['{{&a}}', 'this mustache may not be used'],
  ['{{~a}}', 'this mustache may not be used'],
  ['{{a b}}', 'this mustache may not be used'],
  ['{{a b=c}}', 'this mustache may not be used'],
  ['{{"a"}}', 'this mustache may not be used'],
  ['{{#if (a b)}}{{/if}}', 'this block may not be used'],
  ['{{#if a b=1}}{{/if}}', 'this block may not be used'],
  ['{{#with a}}{{/with}}', 'this block may not be used'],
  ['{{#if a as |b|}}{{/if}}', 'this block may not be used'],
  ['{{^if a}}{{/if}}', 'this block may not be used'],
  ['{{#if a~}}{{/if}}', 'this block may not be used'],
  ['{{{{each a}}}}{{{{/each}}}}', 'this block may not be used'],
  ['{{> a}}', 'there is no template a that could be a part'],
  [' {{> a}}', 'this part may not be used'],
  ['{{> a b=c}}', 'this part may not be used'],
  ['{{#> a}}{{/a}}', 'PartialBlockStatement may not be used'],
  ['{{#*inline "a"}}{{/inline}}', 'DecoratorBlock may not be used'],
  ['a; {{! inline }}', 'a comment stands on lines of its own'],
  ['\\{{a}}', 'backslash before'],
  ['a\r', 'lines end with LF'],
  ['{{@key}}', 'only in the body of an each'],
  ['{{#each a}}{{@key}}{{/each}}', 'known are @index'],
  ['# {{../a}}', 'not so many each'],
  ['# {{this}}', 'whole plan'],
  ['{{#if a}}', 'Parse error'],
])('%s is an error with file and line', (source, message) => {
  const problems = problemsOf(() => compileTemplate(path, `\n\n${source}\n`)).join('\n');
  expect(problems).toContain(message);
  expect(problems).toMatch(/^templates\/web-servers\/nginx\/site.conf.hbs:[345]: /);
});

test('all mistakes of a template are named at once', () => {
  const source = 'a {{{b}}};\nc {{> d}};\n{{#with e}}{{/with}}\n';
  expect(() => compileTemplate(path, source)).toThrow(TemplateError);
  expect(problemsOf(() => compileTemplate(path, source))).toHaveLength(3);
});

test('the paths that a template reads are listed, with * for the items of lists', () => {
  const source = `{{#if a.b}}
x {{c}};
{{/if}}
{{#each list as |item index|}}
y {{item.d}} {{index}} {{@index}} {{../e}} {{@root.f.g}} {{this.h}} {{i}};
{{#each item.inner}}
z {{this}} {{item.d}} {{../k}} {{../../l}};
{{/each}}
{{/each}}
`;
  const { paths } = compileTemplate(path, source);
  expect(paths.map((each) => `${each.line} ${each.use} ${each.path}`)).toEqual([
    '1 if a.b',
    '2 value c',
    '4 each list',
    '5 value list.*.d',
    '5 value e',
    '5 value f.g',
    '5 value list.*.h',
    '5 value list.*.i',
    '6 each list.*.inner',
    '7 value list.*.inner.*',
    '7 value list.*.d',
    '7 value list.*.k',
    '7 value l',
  ]);
});

test('every value that cannot be written is reported at once, with the path of the answer', () => {
  const template = compileTemplate(
    path,
    'a {{name}};\n{{#each static as |mount|}}\nb {{mount.url}};\n{{/each}}\n',
  );
  const data = { name: 'x$y', static: [{ url: '/ok/' }, { url: '/$/' }] };
  try {
    renderTemplate(template, data);
    expect.unreachable();
  } catch (error) {
    const { problems } = error as RenderError;
    expect(error).toBeInstanceOf(RenderError);
    expect(problems).toHaveLength(2);
    expect(problems[1]).toBeInstanceOf(UnquotableValue);
    expect(problems[1]).toMatchObject({
      template: path,
      line: 3,
      path: 'static.1.url',
      value: '/$/',
      character: '$',
    });
    expect(problems[1]?.message).toContain('no escape');
  }
});

test.each([
  ['a {{x}};', 'x: is not in the plan'],
  ['a {{n.x}};', 'n.x: is not in the plan'],
  ['{{#if x}}a;{{/if}}', 'x: is not in the plan'],
  ['{{#each x}}a;{{/each}}', 'x: is not in the plan'],
  ['{{#each o}}a;{{/each}}', 'each needs a list'],
  ['a {{constructor}};', 'constructor: is not in the plan'],
  ['a {{o.__proto__}};', '__proto__: is not in the plan'],
  ['a {{l.length}};', 'l.length: is not in the plan'],
  ['a {{n}};', 'there is no value'],
  ['a {{o}};', 'not a single value'],
  ['a {{t}};', 'a yes or no'],
  ['a x{{l}};', 'a list is not one value'],
  ['a {{inf}};', 'not a finite number'],
])('%s: %s', (source, message) => {
  const data = { n: null, o: { a: 1 }, l: ['x'], t: true, inf: Number.POSITIVE_INFINITY };
  expect(problemsOf(() => render(path, `${source}\n`, data)).join()).toContain(message);
});

const explained = `{{!-- Says who we are.
  Twice, for {{name}}. https://a.example/x --}}
server {
    {{! Not written. https://b.example/y. https://c.example }}
    listen 80;
    {{#each domains}}
    {{!-- Each. --}}
    server_name {{this}}{{#if ../more}} more{{/if}};
    {{/each}}
    root {{root}};

    index {{name}};
}
`;

test('each line knows its template line, its reason, its values and its conditions', () => {
  const data = { name: 'shop', domains: ['a.b', 'c.d'], more: false, root: '/r' };
  const { text, lines } = renderTemplate(compileTemplate(path, explained), data);
  expect(text).toBe(`# Says who we are. Twice, for shop. https://a.example/x
server {
    listen 80;
    # Each.
    server_name a.b;
    # Each.
    server_name c.d;
    root /r;

    index shop;
}
`);
  expect(lines).toHaveLength(text.split('\n').length - 1);
  const first = { text: 'Says who we are. Twice, for shop.', links: ['https://a.example/x'] };
  const short = { text: 'Not written.', links: ['https://b.example/y', 'https://c.example'] };
  const each = { text: 'Each.', links: [] };
  const origin = { template: path, uses: [], conditions: [] };
  expect(lines).toEqual([
    { ...origin, templateLine: 1, reason: first, uses: ['name'] },
    { ...origin, templateLine: 3, reason: first },
    { ...origin, templateLine: 5, reason: short },
    { ...origin, templateLine: 7, reason: each, conditions: ['domains'] },
    { ...origin, templateLine: 8, reason: each, uses: ['domains.0'], conditions: ['domains', 'more'] },
    { ...origin, templateLine: 7, reason: each, conditions: ['domains'] },
    { ...origin, templateLine: 8, reason: each, uses: ['domains.1'], conditions: ['domains', 'more'] },
    { ...origin, templateLine: 10, reason: short, uses: ['root'] },
    { ...origin, templateLine: 11 },
    { ...origin, templateLine: 12, uses: ['name'] },
    { ...origin, templateLine: 13 },
  ]);
});

test('a long reason is wrapped, and comments on end add up to one reason', () => {
  const { text, lines } = renderTemplate(
    compileTemplate(path, `  {{!-- ${'word '.repeat(40)}--}}\n{{! More. }}\na;\n`),
    {},
  );
  const comments = text.split('\n').slice(0, -2);
  expect(comments.every((line) => line.startsWith('  # word') && line.length <= 100)).toBe(true);
  expect(comments).toHaveLength(3);
  expect(lines.at(-1)?.reason?.text).toMatch(/^word .* word More\.$/);
});

test('an empty block leaves no blank line', () => {
  const source =
    'a;\n{{#if x}}\nb;\n{{else if y}}\nc;\n{{else}}\nd;\n{{/if}}\n{{#unless y}}\n  e;\n{{/unless}}\n{{#each l}}\nf;\n{{else}}\ng;\n{{/each}}\nh;\n';
  expect(render(path, source, { x: false, y: [], l: [] })).toBe('a;\nd;\n  e;\ng;\nh;\n');
  expect(render(path, source, { x: 0, y: 'y', l: [1] })).toBe('a;\nc;\nf;\nh;\n');
});

test('for values that need no quotes, the output is what Handlebars itself makes of the template', () => {
  const handlebars = createRequire(import.meta.url)('handlebars/dist/cjs/handlebars.js').default;
  const source = `{{! no }}
a {{x.y}};
{{#each l as |m i|}}
{{#if m.on}}
  b {{m.n}} {{i}} {{@index}}{{#unless @last}} more{{/unless}};

{{else}}
  c {{../x.y}} {{@root.z}};
{{/if}}
  {{#each m.in}}
  d {{this}}{{#if @first}} first{{/if}};
  {{else}}
  e;
  {{/each}}
{{/each}}
f{{#each l}} {{n}}{{/each}} g;
`;
  const data = {
    x: { y: 'v' },
    z: 7,
    l: [
      { on: true, n: 1, in: ['p', 'q'] },
      { on: false, n: 2, in: [] },
    ],
  };
  expect(render(path, source, data)).toBe(handlebars.compile(source, { noEscape: true, strict: true })(data));
});

describe('a part', () => {
  const parts = {
    'a/part': '{{! Why. https://a.example }}\na {{name}};\n{{#each list as |x|}}\nb {{x}};\n{{/each}}\n',
    'a/nested': '{{> a/part}}\n',
    'a/open': 'a "x',
  };
  const outer = '{{#each list as |x|}}\nin {{x}};\n{{> a/part}}\nc;\n{{/each}}\n';
  const data = { name: 'n', list: ['p', 'q'] };

  test('is read in its place, with paths that start at the plan, and loops of its own', () => {
    const { text, lines } = renderTemplate(compileTemplate(path, outer, parts), data);
    expect(text).toBe('in p;\na n;\nb p;\nb q;\nc;\nin q;\na n;\nb p;\nb q;\nc;\n');
    expect(lines.slice(0, 3)).toEqual([
      { template: path, templateLine: 2, uses: ['list.0'], conditions: ['list'] },
      {
        template: 'templates/a/part.hbs',
        templateLine: 2,
        reason: { text: 'Why.', links: ['https://a.example'] },
        uses: ['name'],
        conditions: ['list'],
      },
      expect.objectContaining({ template: 'templates/a/part.hbs', templateLine: 4, uses: ['list.0'] }),
    ]);
    expect(lines[4]).toEqual({ template: path, templateLine: 4, uses: [], conditions: ['list'] });
  });

  test.each([
    ['a {{> a/part}}\n', 'site.conf.hbs:1: this part may not be used'],
    ['{{> a/nested}}\n', 'templates/a/nested.hbs:1: there is no template a/part that could be a part'],
    ['{{> constructor}}\n', 'there is no template constructor'],
    ['{{> a/open}}\n', 'nginx: '],
  ])('that cannot be one is an error with its place: %j', (source, message) => {
    expect(problemsOf(() => compileTemplate(path, source, parts)).join('\n')).toContain(message);
  });

  test('with a value that cannot be held is named, and not the template around it', () => {
    const unit = 'process-managers/systemd/a.service';
    const compiled = compileTemplate(unit, '[Unit]\n{{> a}}\n', { a: 'After={{x}}\n' });
    expect(() => renderTemplate(compiled, { x: 'a b' })).toThrow('templates/a.hbs:1');
  });
});

test('of a template that makes several files, one item of its list is rendered, under its own path', () => {
  const compiled = compileTemplate(
    path,
    '{{#each list as |x|}}\na {{x.y}};\n{{#each ../m as |z|}}\nb;\n{{/each}}\n{{/each}}\n',
  );
  const data = { list: [{ y: 'p' }, { y: 'q' }], m: [1, 2] };
  const { text, lines } = renderTemplate(compiled, data, { list: 'list', index: 1 });
  expect(text).toBe('a q;\nb;\nb;\n');
  expect(lines[0]?.uses).toEqual(['list.1.y']);
});

test('a compiled template is plain data, and rendering it many times changes nothing', () => {
  const template = JSON.parse(JSON.stringify(compileTemplate(path, explained)));
  const data = { name: 'shop', domains: ['a.b', 'c.d'], more: false, root: '/r' };
  const first = renderTemplate(template, data);
  for (let i = 0; i < 10_000; i++) renderTemplate(template, data);
  expect(renderTemplate(template, data)).toEqual(first);
});

test('every template of this repository compiles, and the module that holds them is the same each time', async () => {
  // @ts-expect-error the script is JavaScript
  const { generateTemplates } = await import('../../scripts/templates.mjs');
  const root = join(import.meta.dirname, '../..');
  const text = await generateTemplates(root);
  expect(await generateTemplates(root)).toBe(text);
  const { templates } = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
  const names = readdirSync(join(root, 'templates'), { recursive: true, encoding: 'utf8' }).filter((n) =>
    n.endsWith('.hbs'),
  );
  expect(Object.keys(templates)).toEqual(names.map((name) => name.slice(0, -4)).sort());
  const source = (name: string) => readFileSync(join(root, `templates/${name}.hbs`), 'utf8');
  const parts = Object.fromEntries(Object.keys(templates).map((name) => [name, source(name)]));
  for (const [name, template] of Object.entries(templates))
    expect(template).toEqual(compileTemplate(`templates/${name}.hbs`, source(name), parts));
});

test('the build fails with file and line when a template does not compile', async () => {
  // @ts-expect-error the script is JavaScript
  const { generateTemplates } = await import('../../scripts/templates.mjs');
  const { cpSync, mkdirSync, symlinkSync, writeFileSync } = await import('node:fs');
  const root = join(import.meta.dirname, '../..');
  await inFolder(async (folder) => {
    for (const room of ['src/render', 'src/formats'])
      cpSync(join(root, room), join(folder, room), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'templates/host'), { recursive: true });
    writeFileSync(join(folder, 'templates/host/a.sh.hbs'), 'x\ny {{{z}}}\n');
    writeFileSync(join(folder, 'templates/host/b.sh.hbs'), 'echo "\n');
    await expect(generateTemplates(folder)).rejects.toThrow(
      /^templates\/host\/a.sh.hbs:2: .*\ntemplates\/host\/b.sh.hbs:\d/,
    );
  });
});
