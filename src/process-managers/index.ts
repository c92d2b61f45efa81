import type { ProcessManager } from '../contract/unit.ts';
import { circus } from './circus/unit.ts';
import { supervisord } from './supervisord/unit.ts';
import { systemd } from './systemd/unit.ts';

/** The recommended one first. */
export const processManagers: readonly ProcessManager[] = [systemd, supervisord, circus];
