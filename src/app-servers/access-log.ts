/** A list of requests of the app server's own, beside that of the web server. */
import { field } from '../contract/field.ts';
import { truth } from '../contract/values.ts';

export const appAccessLog = field({
  schema: truth(),
  form: 'yes-no',
  question: 'Does the app server list each request, too?',
  help: "To the journal, a second time: the web server's list has every request, with its duration, the app's part of it and an id. It costs a small page about a quarter of its speed.",
  fallback: () => false,
});
