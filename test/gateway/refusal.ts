import { Failure } from '../../schema/failure.js';

/** The code and the sentence that a function refuses with. */
export function refusalOf(run: () => unknown): [string, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was refused');
}
