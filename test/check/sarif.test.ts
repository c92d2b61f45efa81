import { expect, test } from 'vitest';
import { sarif } from '../../src/check/sarif.ts';
import { type Code, DIAGNOSTICS } from '../../src/words/diagnostics.ts';

const rule = (id: Code) => ({
  id,
  shortDescription: { text: DIAGNOSTICS[id].title },
  fullDescription: { text: DIAGNOSTICS[id].text },
});

test('findings as a code scanner has them', () => {
  const log = sarif(
    [
      {
        code: 'nginx-complains',
        tool: 'nginx',
        level: 'error',
        file: 'deploy/root/a b.conf',
        line: 3,
        message: 'm',
        remedy: 'R.',
      },
      {
        code: 'nginx-complains',
        tool: 'nginx',
        level: 'warning',
        file: '/srv/x.py',
        message: 'n.',
        remedy: 'S   T.',
      },
      { code: 'tool-missing', tool: 'gixy', level: 'unchecked', message: 'gixy is not here', remedy: 'T.' },
    ],
    '1.2.3',
    'deploy/answers.yaml',
  );
  expect(log.version).toBe('2.1.0');
  expect(log.runs).toEqual([
    {
      tool: {
        driver: {
          name: 'deploy-scaffold',
          version: '1.2.3',
          rules: [rule('nginx-complains'), rule('tool-missing')],
        },
      },
      results: [
        {
          ...{
            ruleId: 'nginx-complains',
            properties: { tool: 'nginx' },
            level: 'error',
            message: { text: 'm. R.' },
          },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'deploy/root/a%20b.conf' },
                region: { startLine: 3 },
              },
            },
          ],
        },
        {
          ...{
            ruleId: 'nginx-complains',
            properties: { tool: 'nginx' },
            level: 'warning',
            message: { text: 'n. S T.' },
          },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'file:///srv/x.py' }, region: { startLine: 1 } } },
          ],
        },
        {
          ...{
            ruleId: 'tool-missing',
            properties: { tool: 'gixy' },
            level: 'note',
            message: { text: 'gixy is not here. T.' },
          },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'deploy/answers.yaml' },
                region: { startLine: 1 },
              },
            },
          ],
        },
      ],
    },
  ]);
});
