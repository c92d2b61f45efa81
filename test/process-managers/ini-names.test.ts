import { expect, test } from 'vitest';
import { DIALECTS } from '../../src/formats/ini/dialects.ts';
import { type KnownNames, names, strangeNames } from '../../src/process-managers/ini-names.ts';
import { treeFile } from '../check/samples.ts';

const KNOWN: KnownNames = { program: names('command directory'), include: names('files') };

function strange(text: string, dialect: 'supervisord' | 'circus' = 'supervisord') {
  const tool = { tool: 'supervisord', code: 'supervisord-complains' } as const;
  const found = strangeNames(tool, treeFile('/etc/a.conf', text), DIALECTS[dialect], KNOWN, 'DOCS');
  return found.map(({ line, message }) => [line, /'(.*)'/.exec(message)?.[1]]);
}

test('what is known is passed over, and so is what goes on with a value', () => {
  expect(strange('; who\n[program:x]\ncommand = a\n  b = c\n[include]\nfiles: d\n')).toEqual([]);
});

test('each name and section that is not known has its line', () => {
  const text = '[program:x]\ncommand=a\ndirectry=b\n\n[programme:y]\ncomand=c\n[constructor]\na=b\n';
  expect(strange(text)).toEqual([
    [3, 'directry'],
    [5, 'programme'],
    [7, 'constructor'],
  ]);
});
