/** FastAPI: https://fastapi.tiangolo.com/ */

import { plainFramework } from '../plain.ts';
import { starletteWants } from '../starlette/unit.ts';
import { asgiAlone } from '../wanted.ts';

export const fastapi = plainFramework({
  kind: 'fastapi',
  title: 'FastAPI',
  why: 'A module with a FastAPI(), or with a create_app() that makes one.',
  docs: 'https://fastapi.tiangolo.com/',
  distribution: 'fastapi',
  refuses: asgiAlone('FastAPI'),
  interface: 'asgi',
  wanted: starletteWants,
});
