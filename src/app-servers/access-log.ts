/** A list of requests of the app server's own, beside that of the web server. */
import { field } from '../contract/field.ts';
import { truth } from '../contract/values.ts';

export const appAccessLog = field({
  ofService: 'shared',
  schema: truth(),
  form: 'yes-no',
  question: 'Should the app server log each request, too?',
  help: "To the journal, a second time: the web server's log has every request, with its duration, the app's share of it and an id. It costs a small page about a quarter of its speed.",
  fallback: () => false,
});
