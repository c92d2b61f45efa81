/** The answers that every framework with migrations has, under one name, and the tool that most use. */
import { field, type Known } from '../contract/field.ts';
import { projectPath, truth } from '../contract/values.ts';

export const migrate = field({
  schema: truth(),
  form: 'yes-no',
  question: 'Does each release migrate the database?',
  help: 'Runs manage.py migrate, flask db upgrade where Flask-Migrate is used, or alembic upgrade head, before a release goes live.',
  // Django has migrations itself; others need a tool, which is found where it is used.
  fallback: ({ framework = 'django' }: Known) => framework === 'django',
});

/** https://alembic.sqlalchemy.org/ */
export const alembicConfig = field({
  schema: projectPath,
  form: 'text',
  placeholder: 'FILE',
  question: 'Which file says where the migrations are?',
  help: "Alembic's ini file, relative to the app.",
  when: [{ answer: 'migrate', is: ['true'] }],
  fallback: () => 'alembic.ini',
});

/** The step that migrates with Alembic, where it is wanted. */
export function alembic(answers: { migrate: boolean; 'alembic-config': string | undefined }) {
  const words = ['alembic', '-c', () => String(answers['alembic-config']), 'upgrade', 'head'];
  return answers.migrate ? [{ title: 'Migrating the database', words }] : [];
}
