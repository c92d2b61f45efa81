/** One unit of each kind that does not exist, and their templates: what somebody who adds one would write. */
import * as z from 'zod/mini';
import { field } from '../../src/contract/field.ts';
import {
  appServerContract,
  frameworkContract,
  processManagerContract,
  unitPlan,
  webServerContract,
} from '../../src/contract/plan.ts';
import type {
  AppServer,
  Framework,
  PlannedFile,
  ProcessManager,
  Unit,
  WebServer,
} from '../../src/contract/unit.ts';
import { versionFrom } from '../../src/contract/values.ts';
import { compileTemplate } from '../../src/render/compile.ts';

const made = (kind: string, title: string) => ({ kind, title, docs: `https://${kind}.example/` });

/** What every unit has: an answer of its own, and a file that holds it. */
function unit(folder: string, kind: string, title: string) {
  const answer = `${kind}-version`;
  const path = `/etc/shop/${kind}.sh`;
  return {
    ...made(kind, title),
    why: `${title} is made up.`,
    fields: {
      [answer]: field({
        schema: versionFrom('1.0'),
        form: 'text',
        placeholder: 'VERSION',
        question: `Which ${title}?`,
        help: 'It makes no difference.',
        fallback: () => '1.2',
      }),
    },
    files: (): PlannedFile[] => [
      {
        template: `${folder}/${kind}/unit.sh`,
        path,
        mode: 0o644,
        owner: 'root:root',
        purpose: `What ${title} reads.`,
      },
    ],
    validators: async () => [],
  } satisfies Partial<Unit>;
}

const version = { version: z.string() };

export const webServer: WebServer = {
  ...unit('web-servers', 'gatehouse', 'Gatehouse'),
  packages: ['gatehouse'],
  scan: async () => [],
  section: () => z.object({ ...unitPlan(), ...webServerContract(), ...version }),
  plan: (plan, answers) => ({
    ...made('gatehouse', 'Gatehouse'),
    accessLog: () => `/var/log/gatehouse/${plan.name}.log`,
    errorLog: () => `/var/log/gatehouse/${plan.name}.error.log`,
    rotation: '/etc/logrotate.d/gatehouse',
    service: 'gatehouse.service',
    check: 'gatehouse check',
    reload: 'systemctl reload gatehouse',
    durations: 'there are none',
    collectsAnswers: true,
    byHand: [],
    saysDefault: false,
    series: '1',
    version: () => answers['gatehouse-version'],
  }),
};

export const appServer: AppServer = {
  ...unit('app-servers', 'oxcart', 'Oxcart'),
  refuses: [
    { answer: 'interface', is: ['asgi'], because: 'Oxcart has no horses', instead: 'gunicorn' },
    { answer: 'framework', is: ['django'], because: 'Oxcart is too slow for Django', instead: 'gunicorn' },
  ],
  section: () => z.object({ ...unitPlan(), ...appServerContract(), ...version }),
  distributions: (answers) => [`oxcart==${answers['oxcart-version']}`],
  plan: ({ paths }, answers) => ({
    ...made('oxcart', 'Oxcart'),
    command: () => [`${paths.venv}/bin/oxcart`],
    supervises: false,
    endsSlowRequests: false,
    notifies: false,
    reloadSignal: '',
    listsRequests: false,
    logsIds: false,
    version: () => answers['oxcart-version'],
  }),
};

export const processManager: ProcessManager = {
  ...unit('process-managers', 'shepherd', 'Shepherd'),
  packages: ['shepherd'],
  socket: (name) => `/run/shepherd/${name}.sock`,
  section: () => z.object({ ...unitPlan(), ...processManagerContract(), ...version }),
  plan: (plan, answers) => ({
    ...made('shepherd', 'Shepherd'),
    restart: () => `herd restart ${plan.name}`,
    stopAll: () => `herd stop ${plan.name}`,
    startAll: () => `herd start ${plan.name}`,
    status: () => `herd status ${plan.name}`,
    logs: () => `herd log ${plan.name}`,
    show: () => `herd doc ${plan.name}`,
    ...{ systemd: '257', monitorSocket: '', socketFolders: [], readsSystem: false },
    ...{ distributions: [], programs: '', background: [] },
    version: () => answers['shepherd-version'],
  }),
};

export const framework: Framework = {
  ...unit('frameworks', 'loom', 'Loom'),
  distribution: 'loom',
  assets: { '/static/': 'static' },
  section: () => z.object({ ...unitPlan(), ...frameworkContract(), ...version }),
  plan: (_, answers) => ({
    ...made('loom', 'Loom'),
    ...{ example: 'loom thread', exampleDoes: 'weave a thread' },
    ...{
      wanted: [],
      modules: ['shop'],
      environment: [],
      prepare: [],
      migrate: [],
      brings: [],
      snippet: { file: 'shop.py', module: 'shop', does: 'weaves', line: 'weave()', lines: ['weave()'] },
    },
    version: () => answers['loom-version'],
  }),
  detect: () => undefined,
  advise: () => [],
};

const source = (section: string) =>
  `{{! It is made up. https://example.org/ }}\nversion={{${section}.version}}\n`;
const TEMPLATES = {
  'web-servers/gatehouse/unit.sh': source('webServer'),
  'app-servers/oxcart/unit.sh': source('appServer'),
  'process-managers/shepherd/unit.sh': source('processManager'),
  'frameworks/loom/unit.sh': source('framework'),
  'web-servers/gatehouse/install.sh':
    '{{! https://example.org/ }}\nweb_server_validate() { gatehouse check; }\n',
  'app-servers/oxcart/install.sh': '{{! https://example.org/ }}\napp_server_validate() { oxcart check; }\n',
  'process-managers/shepherd/install.sh':
    '{{! https://example.org/ }}\nprocess_manager_validate() { herd check; }\n',
};

/** As the build makes them of a folder in templates/. */
export const compiled = Object.fromEntries(
  Object.entries(TEMPLATES).map(([name, text]) => [name, compileTemplate(name, text)]),
);
