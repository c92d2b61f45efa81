import { expect, test } from 'vitest';
import { DIALECTS } from '../../../src/formats/ini/dialects.ts';
import { readIni } from '../../../src/formats/ini/read.ts';
import { memoryProject } from '../../detect/memory-project.ts';

const read = (text: string, dialect: keyof typeof DIALECTS) =>
  readIni(memoryProject({ 'a.ini': text }), 'a.ini', DIALECTS[dialect]).get('s');

test.each<[keyof typeof DIALECTS, string | undefined, number | undefined]>([
  ['paste', '3', 5],
  ['supervisord', '3', 5],
  ['circus', '1', 2],
  ['uwsgi', '1\n2\n3', 5],
  ['systemd', '1\n2\n3', 5],
])('of a name that is there three times, in %s', (dialect, value, line) => {
  const section = read('[s]\nx = 1\nx = 2\n[s]\nx = 3\n', dialect);
  expect(section?.entries.get('x')).toEqual({ value, at: { file: 'a.ini', line } });
  expect(section?.at.line).toBe(1);
});

test('nothing behind a name takes back what systemd was told before', () => {
  expect(read('[s]\nx=1\nx=\nx=2\ny=3\ny=\n', 'systemd')?.entries).toEqual(
    new Map([['x', { value: '2', at: { file: 'a.ini', line: 4 } }]]),
  );
  expect(read('[s]\nx=1\nx=\n', 'uwsgi')?.entries.get('x')?.value).toBe('1\n');
});

test('a file that is not there has nothing', () => {
  expect(readIni(memoryProject({}), 'a.ini', DIALECTS.paste)).toEqual(new Map());
});
