/** Which folders are never written to, whoever asks. */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { UserError } from './error.ts';
import { canonical, isInside, repositoryOf } from './programs.ts';

/** Folders that belong to the system with all that is in them. */
const WHOLE =
  /^\/(?:bin|boot|dev|etc|lib\w*|proc|sbin|sys|usr\/(?:bin|include|lib\w*|sbin|share)|System|Library|private\/etc)(?:\/|$)/;
/** Folders that hold what is not one's own: each may have a folder for this, and is none. */
const HOLDERS =
  /^\/(?:|(?:home|media|mnt|opt|root|run|srv|tmp|usr|var|Users|Applications|private|private\/var)|(?:home|run|usr|var|Users)\/[^/]+)$/;

/**
 * @param given As the person wrote it, for messages.
 * @throws UserError where the output folder is one of the system's or a home, or where a link of the project leads to it.
 */
export function refuseOutput(out: string, given: string, project: string): void {
  const real = canonical(out);
  const remedy = 'Name a folder of its own with --out, or leave it out: dir/deploy.';
  const shown = real === resolve(given) ? given : `${given}, which is ${real},`;
  if (WHOLE.test(real) || HOLDERS.test(real))
    throw new UserError(
      'out-refused',
      `${shown} is a folder of the system: nothing is written there`,
      remedy,
    );
  if (real === canonical(homedir()))
    throw new UserError(
      'out-refused',
      `${shown} is your home folder: nothing is written right there`,
      remedy,
    );
  const repository = canonical(repositoryOf(project));
  if (!isInside(real, repository) && ancestors(out).some((at) => isInside(canonical(at), repository)))
    throw new UserError(
      'out-refused',
      `${given} leads out of the project, to ${real}: links in a repository are not followed`,
      `Remove the link; or name the folder itself: --out ${real}`,
    );
}

/** The folders that a path goes through, before any link is followed. */
function ancestors(path: string): string[] {
  const up = dirname(path);
  return up === path ? [] : [...ancestors(up), up];
}
