/** The answer that every framework with migrations of its own has, under one name. */
import { field, type Known } from '../answers/field.ts';
import { truth } from '../answers/values.ts';

export const migrate = field({
  schema: truth(),
  form: 'yes-no',
  question: 'Does each release migrate the database?',
  help: 'Runs manage.py migrate, or flask db upgrade where Flask-Migrate is used, before a release goes live.',
  // Django has migrations itself; Flask needs an extension, which is found where it is used.
  fallback: ({ framework = 'django' }: Known) => framework === 'django',
});
