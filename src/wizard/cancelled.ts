/** The person stopped at a question, or chose to in the summary: nothing is written. */
export class Cancelled extends Error {
  override name = 'Cancelled';
  constructor() {
    super('Cancelled: nothing was written.');
  }
}
