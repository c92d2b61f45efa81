import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, problemsOf, render } from '../render/tools.ts';
import { itNeeds, programs } from '../support/tools.ts';

const PATHS = ['/etc/a b.conf', '/a#b', "/it's", '/a\\b', '/a"b', '/100%', '/a=b', '/ü/日本', '/[a]*?'];

itNeeds(programs('bsdtar', 'python3'))('bsdtar reads every path back', async () => {
  await inFolder((folder) => {
    const source =
      '#mtree\n{{#each paths}}\n.{{this}} type=file uname=root gname=root mode=0644 contents=x\n{{/each}}\n';
    writeFileSync(join(folder, 'x'), '');
    writeFileSync(join(folder, 'm'), render('deliveries/files/a.mtree', source, { paths: PATHS }));
    execFileSync('bsdtar', ['-cf', 'a.tar', '@m'], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    const names = execFileSync(
      'python3',
      ['-c', 'import json, tarfile; print(json.dumps(tarfile.open("a.tar").getnames()))'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(JSON.parse(names)).toEqual(PATHS.map((path) => `.${path}`));
  });
});

test('a word that is not there, and a backslash of the template, are errors', () => {
  expect(problemsOf(() => render('a.mtree', './x uname={{v}}\n', { v: '' })).join()).toContain(
    'cannot be empty',
  );
  expect(problemsOf(() => render('a.mtree', './x\\ {{v}}\n', { v: 'y' })).join()).toContain('no backslash');
});
