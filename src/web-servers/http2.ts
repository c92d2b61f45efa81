/** An answer that web servers have in common. */
import { field } from '../contract/field.ts';
import { truth } from '../contract/values.ts';

export const http2 = field({
  schema: truth(),
  form: 'yes-no',
  question: 'Is HTTP/2 offered?',
  help: 'Many requests on one connection; every browser has it.',
  when: [{ answer: 'tls', is: ['letsencrypt', 'files'] }],
  fallback: () => true,
});
