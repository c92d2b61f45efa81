/** The sandbox and the limits of an earlier unit, taken over as answers. */
import { expect, it } from 'vitest';
import { earlierSystemd } from '../../../src/process-managers/systemd/reads.ts';
import { memoryProject } from '../../detect/memory-project.ts';

/** What a unit that starts this says, and what becomes of each of its statements but the first. */
function read(start: string, ...lines: string[]) {
  const text = ['[Service]', `ExecStart=${start}`, ...lines].join('\n');
  const { answers, accounts } = earlierSystemd.read(memoryProject({ 'shop.service': text }), 'shop.service');
  return {
    answers: answers.map(({ answer, value, at }) => [answer, value, at.line]),
    fates: accounts.filter(({ name }) => name !== 'ExecStart').map(({ name, fate }) => `${name} ${fate}`),
  };
}
const SERVER = '/srv/venv/bin/gunicorn shop:app';

it('takes limits, and what somebody opened', () => {
  expect(read(SERVER, 'MemoryMax=1G', 'LimitNOFILE=65536', 'PrivateTmp=false', 'ProcSubset=all')).toEqual({
    answers: [
      ['sandbox', { PrivateTmp: 'no', ProcSubset: 'all' }, 5],
      ['limits', { MemoryMax: '1G', LimitNOFILE: 65_536 }, 3],
    ],
    fates: ['MemoryMax taken', 'LimitNOFILE taken', 'PrivateTmp taken', 'ProcSubset taken'],
  });
  expect(read(SERVER, 'RestrictAddressFamilies=AF_UNIX AF_INET AF_NETLINK').answers).toEqual([
    ['sandbox', { RestrictAddressFamilies: 'AF_NETLINK' }, 3],
  ]);
});

it('takes the value that counts', () => {
  const { answers, fates } = read(SERVER, 'MemoryMax=1G', 'MemoryMax=2G');
  expect(answers).toEqual([['limits', { MemoryMax: '2G' }, 4]]);
  expect(fates).toEqual(['MemoryMax limits', 'MemoryMax taken']);
  expect(read(SERVER, 'MemoryMax=1G', 'MemoryMax=').answers).toEqual([]);
});

it('leaves what is locked in more than nothing, what no answer can say, and what is not the app', () => {
  expect(read(SERVER, 'ProtectSystem=full', 'PrivateTmp=yes', 'MemoryMax=80%', 'LimitNPROC=10')).toEqual({
    answers: [],
    fates: ['ProtectSystem decided', 'PrivateTmp decided', 'MemoryMax limits', 'LimitNPROC limits'],
  });
  expect(read('/srv/venv/bin/celery -A shop worker', 'MemoryMax=1G')).toEqual({
    answers: [],
    fates: ['MemoryMax limits'],
  });
});
