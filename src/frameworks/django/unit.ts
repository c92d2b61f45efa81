/** Django: https://docs.djangoproject.com/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { frameworkContract, unitPlan } from '../../contract/plan.ts';
import { defineFramework } from '../../contract/unit.ts';
import { dottedModule, truth } from '../../contract/values.ts';
import { migrate } from '../migrate.ts';
import { listed } from '../wanted.ts';
import { adviseDjango, DJANGO_KEY, settingsSnippet, wantedSettings } from './advice.ts';

const MANAGE = ['python', 'manage.py'];

export const django = defineFramework({
  kind: 'django',
  title: 'Django',
  why: 'A project with a manage.py and a settings module.',
  docs: 'https://docs.djangoproject.com/',
  distribution: 'Django',
  assets: { '/static/': 'staticfiles' },
  key: DJANGO_KEY,
  fields: {
    'django-settings': field({
      schema: dottedModule,
      form: 'text',
      placeholder: 'MODULE',
      question: 'Which settings module does production use?',
      help: 'Becomes DJANGO_SETTINGS_MODULE.',
    }),
    migrate,
    collectstatic: field({
      schema: truth(),
      form: 'yes-no',
      question: 'Does each release collect the assets?',
      help: 'Runs manage.py collectstatic before a release goes live.',
      fallback: () => true,
    }),
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...frameworkContract(),
      settings: z.string(),
    }),

  plan(plan, answers) {
    const settings = () => answers['django-settings'];
    const wanted = () => wantedSettings(plan);
    const step = (answer: 'collectstatic' | 'migrate', title: string, ...words: string[]) =>
      answers[answer] ? [{ title, words }] : [];
    return {
      kind: 'django',
      title: 'Django',
      docs: 'https://docs.djangoproject.com/',
      settings,
      wanted: () => listed(wanted()),
      snippet: settingsSnippet(settings, wanted),
      modules: [settings, () => plan.upstream.module],
      example: [...MANAGE, 'createsuperuser'].join(' '),
      exampleDoes: 'make a first user of the app',
      brings: [],
      environment: [{ name: 'DJANGO_SETTINGS_MODULE', value: settings }],
      prepare: () => [
        { title: 'Checking the project', words: [...MANAGE, 'check', '--deploy', '--fail-level', 'ERROR'] },
        ...step(
          'collectstatic',
          'Collecting assets',
          ...MANAGE,
          'collectstatic',
          '--noinput',
          '--verbosity',
          '0',
        ),
      ],
      migrate: () => step('migrate', 'Migrating the database', ...MANAGE, 'migrate', '--noinput'),
    };
  },

  files: () => [],

  validators: async () => [],
  advise: adviseDjango,
});
