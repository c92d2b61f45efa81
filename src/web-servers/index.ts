import type { WebServer } from '../contract/unit.ts';
import { apache } from './apache.ts';
import { nginx } from './nginx.ts';

/** The recommended one first. */
export const webServers: readonly WebServer[] = [nginx, apache];
