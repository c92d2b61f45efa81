/** Holds the four trees together: units, templates, plan and reasons. */
import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { templates } from '#templates';
import { deliveries } from '../../src/deliveries/index.ts';
import { planSchema, serviceSchema } from '../../src/plan/schema.ts';
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

/** The schemas that a template may be filled from: the site's, or one service's, with the section of the unit whose folder it is in. */
function schemasFor(path: string) {
  const [folder = '', unit = ''] = path
    .replace(/^templates\//, '')
    .replace(DAEMON, 'process-managers/supervisord')
    .split('/');
  const kinds = {
    ...DEFAULTS,
    ...(folder in SECTIONS && { [SECTIONS[folder as keyof typeof SECTIONS]]: unit }),
  };
  const section = (kind: string) => ({ kind, title: '', docs: '' });
  const service = { appServer: section(kinds.appServer) };
  const site = {
    framework: section(kinds.framework),
    webServer: section(kinds.webServer),
    processManager: section(kinds.processManager),
    services: [service],
  };
  return [planSchema(site as never), serviceSchema({ ...site, ...service } as never)];
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
    case 'union':
      return (def as z.core.$ZodUnionDef).options
        .map((one) => inner(one, part))
        .find((one) => one !== undefined);
    case 'object':
      return (def as z.core.$ZodObjectDef).shape[part];
    default:
      return undefined;
  }
}

/** Paths of a template that the plan does not have: each a misspelling. */
function strangers(template: CompiledTemplate): string[] {
  const [ofSite = [], ofService = []] = schemasFor(template.path).map((whole) =>
    template.paths
      .filter(({ path }) => {
        let schema: Parameters<typeof inner>[0] | undefined = whole;
        for (const part of path.split('.')) schema = schema && inner(schema, part);
        return schema === undefined;
      })
      .map(({ path, line }) => `${template.path}:${line}: ${path}`),
  );
  return ofSite.length <= ofService.length ? ofSite : ofService;
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
