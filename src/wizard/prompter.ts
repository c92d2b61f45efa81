/** What the wizard needs of a terminal, in our own words: tests speak it from a script, src/system/ from a keyboard. */

interface Question {
  /** The question itself. */
  message: string;
  /** What to know before answering, a line or several; shown above the question. */
  help?: string;
}

export interface SelectChoice {
  value: string;
  title: string;
  /** One sentence: what it is and when to take it. */
  why?: string;
}

export interface SelectQuestion extends Question {
  choices: readonly SelectChoice[];
  /** The value of the choice that is marked as recommended: the first one. */
  recommended?: string;
  /** Where the cursor stands at first; the first choice unless given. */
  default?: string;
  /** A long list: each choice takes one line, and only the current one is explained. */
  compact?: boolean;
}

export interface InputQuestion extends Question {
  /** Taken where nothing is typed. */
  default?: string;
  /** What is wrong with the text, for a person; undefined where nothing is. It is asked again until nothing is. */
  validate(text: string): string | undefined;
}

export interface ConfirmQuestion extends Question {
  default: boolean;
}

/** Asks a person. Every question throws `Cancelled` where the person stops. */
export interface Prompter {
  say(text: string): void;
  /** The value of the chosen choice. */
  select(question: SelectQuestion): Promise<string>;
  input(question: InputQuestion): Promise<string>;
  confirm(question: ConfirmQuestion): Promise<boolean>;
}
