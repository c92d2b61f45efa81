import type { Delivery } from '../contract/delivery.ts';
import { debian } from './debian.ts';
import { files } from './files.ts';

/** All deliveries, the recommended one first. */
export const deliveries: readonly Delivery[] = [debian, files];

/** The delivery that validated answers, or the plan made of them, name. */
export function deliveryOf(kind: string): Delivery {
  const delivery = deliveries.find((one) => one.kind === kind);
  if (delivery === undefined)
    throw new Error(`no delivery "${kind}": answers are validated before they are planned`);
  return delivery;
}
