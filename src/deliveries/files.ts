/** The files alone, for those who bring them to a host by their own means. */

import type { Delivery } from '../contract/delivery.ts';
import { accounts, broughtModules, environmentExample, runScript, text } from './host.ts';

export const files: Delivery = {
  kind: 'files',
  title: 'files alone',
  why: 'The tree and a manifest of owners and modes, without an installer: for configuration management or an image of your own.',
  // The site's own file names the certificate, and the web server does not start without it.
  refuses: [
    {
      answer: 'tls',
      is: ['letsencrypt'],
      because: 'files alone do not fetch the first certificate; --tls files takes one that you bring',
      instead: 'debian',
    },
  ],
  hostFiles: (plan) => [runScript(plan), ...accounts(plan), environmentExample(plan)],
  kitFiles: (plan) => [
    {
      ...text,
      template: 'deliveries/files/manifest.mtree',
      path: 'manifest.mtree',
      purpose: 'Every file of the tree, with its owner and mode on the host.',
    },
    ...broughtModules(plan, 'release'),
    {
      ...text,
      template: 'deliveries/files/README.md',
      path: 'README.md',
      purpose: 'What these files are, and how to get them running.',
    },
  ],
};
