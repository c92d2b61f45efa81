import { expect, it } from 'vitest';
import { check } from '../../../src/check/run.ts';
import { gixyAccepts, gixyFindings } from '../../../src/web-servers/nginx/gixy.ts';
import { kit } from '../../check/kit.ts';
import { itWith, tools } from '../../check/tools/real.ts';

const test = await itWith(gixyAccepts);

const findings = ({ plan, files }: ReturnType<typeof kit>) =>
  check({ plan, files, validators: [gixyAccepts], runner: tools });

test('gixy-ng finds nothing in what is written', async () => {
  expect(await findings(kit('tls: files', 'hashed: true'))).toEqual([]);
  expect(await findings(kit('tls: files', 'hsts: 0'))).toEqual([]);
  expect(await findings(kit('tls: proxy', 'trusted-proxies: [10.0.0.0/8]', 'interface: asgi'))).toEqual([]);
});

test('gixy-ng finds an alias that leads out of its folder', async () => {
  const { plan, files } = kit();
  const edited = files.map((file) => ({
    ...file,
    text: file.text.replace('location ^~ /static/ {', 'location ^~ /static {'),
  }));
  expect(await findings({ plan, files: edited })).toMatchObject([
    {
      tool: 'gixy',
      level: 'warning',
      file: expect.stringMatching(/shop\.conf$/),
      message: expect.stringContaining('alias_traversal'),
    },
  ]);
});

it.each([
  ['[warning] an odd line', undefined],
  ['nothing', undefined],
  ['[{"plugin":', undefined],
  ['[warning] an odd line\n[\n  {"plugin": "x"}\n]', [{ plugin: 'x' }]],
  ['[]', []],
])('what gixy-ng prints is read where it is JSON: %j', (output, findings) => {
  expect(gixyFindings(output)).toEqual(findings);
});
