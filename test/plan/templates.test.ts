/** Holds the four trees together: units, templates, plan and reasons. */
import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { templates } from '#templates';
import { deliveries } from '../../src/deliveries/index.ts';
import { planSchema } from '../../src/plan/schema.ts';
import { compileTemplate } from '../../src/render/compile.ts';
import type { CompiledTemplate } from '../../src/render/template.ts';
import { UNIT_KINDS } from '../../src/units.ts';

const SECTIONS = {
  frameworks: 'framework',
  'web-servers': 'webServer',
  'app-servers': 'appServer',
  'process-managers': 'processManager',
} as const;
const DEFAULTS = {
  framework: 'django',
  webServer: 'nginx',
  appServer: 'gunicorn',
  processManager: 'systemd',
};

/** The installer's parts lie in a folder of their own. */
const DELIVERIES = [...deliveries.map(({ kind }) => `deliveries/${kind}`), 'deliveries/debian/install.d'];

/** What supervisord and Circus have in common. */
const DAEMON = 'process-managers/daemon';

/** The schema that a template is filled from: with the section of the unit whose folder it is in. */
function schemaFor(path: string) {
  const [folder = '', unit = ''] = path
    .replace(/^templates\//, '')
    .replace(DAEMON, 'process-managers/supervisord')
    .split('/');
  const kinds = {
    ...DEFAULTS,
    ...(folder in SECTIONS && { [SECTIONS[folder as keyof typeof SECTIONS]]: unit }),
  };
  const section = (kind: string) => ({ kind, title: '', docs: '' });
  return planSchema({
    framework: section(kinds.framework),
    webServer: section(kinds.webServer),
    appServer: section(kinds.appServer),
    processManager: section(kinds.processManager),
  } as never);
}

/** One step down a schema: the name of a property, or any index of a list. Undefined where there is nothing. */
function inner(schema: z.core.$ZodType, part: string): z.core.$ZodType | undefined {
  const { def } = schema._zod;
  switch (def.type) {
    case 'nullable':
    case 'optional':
      return inner((def as z.core.$ZodNullableDef).innerType, part);
    case 'array':
      return part === '*' || /^\d+$/.test(part) ? (def as z.core.$ZodArrayDef).element : undefined;
    case 'object':
      return (def as z.core.$ZodObjectDef).shape[part];
    default:
      return undefined;
  }
}

/** Paths of a template that the plan does not have: each a misspelling. */
function strangers(template: CompiledTemplate): string[] {
  return template.paths
    .filter(({ path }) => {
      let schema: Parameters<typeof inner>[0] | undefined = schemaFor(template.path);
      for (const part of path.split('.')) schema = schema && inner(schema, part);
      return schema === undefined;
    })
    .map(({ path, line }) => `${template.path}:${line}: ${path}`);
}

describe('templates', () => {
  it.each(Object.values(templates).map((template) => [template.path, template] as const))(
    '%s asks only for what the plan has',
    (_, template) => {
      expect(strangers(template)).toEqual([]);
    },
  );

  it.each([
    ['{{#if tls.heer}}\nlisten 80;\n{{/if}}\n', 'tls.heer'],
    ['{{#each statik}}\nlisten 80;\n{{/each}}\n', 'statik'],
    ['{{#each static as |mount|}}\nalias "{{mount.pth}}";\n{{/each}}\n', 'static.*.pth'],
    ['listen {{site.port}};\n', 'site.port'],
  ])('a misspelt path is found: %s', (source, path) => {
    const template = compileTemplate('web-servers/nginx/made-up.conf', source);
    expect(strangers(template)).toEqual(
      [`web-servers/nginx/made-up.conf:1: ${path}`].map((text) =>
        expect.stringContaining(text.split(': ')[1] ?? ''),
      ),
    );
  });

  it('lie in a folder of the unit that they belong to', () => {
    const units = UNIT_KINDS.flatMap(({ folder, units: list }) =>
      list.map((unit) => `${folder}/${unit.kind}`),
    );
    const folders = new Set(Object.keys(templates).map((path) => path.split('/').slice(0, -1).join('/')));
    expect(
      [...folders].filter((folder) => ![...units, 'host', ...DELIVERIES, DAEMON].includes(folder)),
    ).toEqual([]);
  });
});
