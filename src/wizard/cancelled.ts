/** The person stopped the run: at a question, in the summary, or by a signal. Unless the message says so, nothing is written. */
export class Cancelled extends Error {
  override name = 'Cancelled';
  constructor(message = 'Cancelled: nothing was written.') {
    super(message);
  }
}
