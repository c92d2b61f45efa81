#!/usr/bin/env node
/** Starts the program: what is asked most often is answered at once, all else is loaded as compiled code. */
import { join, resolve } from 'node:path';
import { version } from '../package.json';
import type { main } from './main.ts';
import { BUG, bugReport } from './system/bug.ts';
import { requireCompiled } from './system/compile-cache.ts';
import { repositoryOf } from './system/programs.ts';

/** The folder of the built file, which is CommonJS: of this alone Node.js 20 can keep compiled code. */
declare const __dirname: string;
/** A digest of main.js, put in by the build: compiled code of one text must never be run for another. */
declare const MAIN_DIGEST: string;

// A reader that has seen enough, such as head(1), is not an error; a full disk behind ">" is one.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout) process.stderr.write(`deploy-scaffold: cannot print: ${error.message}\n`);
    process.exit(1);
  });
}

// What no command reports by itself: node's own 1 would say something of the project.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${bugReport(error)}\n`);
  process.exit(BUG);
});

const argv = process.argv.slice(2);
if (argv[0] === '--version' || argv[0] === '-V') {
  process.stdout.write(`${version}\n`);
} else {
  // Each command compiles other functions, so each keeps its own.
  const use = ['init', 'check', 'detect'].find((command) => command === argv[0]) ?? 'other';
  // Any word may be the project's folder; the one without a word is this.
  const untrusted = ['.', ...argv.slice(1).flatMap((word) => word.split('='))].map((word) =>
    repositoryOf(resolve(word)),
  );
  const program = requireCompiled(join(__dirname, 'main.js'), `${use}-${MAIN_DIGEST}`, untrusted) as {
    main: typeof main;
  };
  program.main(argv).then((status) => {
    process.exitCode = status;
  });
}
