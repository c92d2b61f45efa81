import type { WebServer } from '../unit.ts';
import { nginx } from './nginx.ts';

/** The recommended one first. */
export const webServers: readonly WebServer[] = [nginx];
