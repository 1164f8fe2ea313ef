import { isMainThread, workerData } from 'node:worker_threads';
import { InvalidInputError } from '../../core/model/errors.js';
import { spin } from '../terminal/progress.js';

/** `tm __spinner`: a thread of `withProgress`. */
export async function runSpinner(): Promise<void> {
  if (isMainThread) throw new InvalidInputError('command', '__spinner is for “tm” itself.');
  spin(workerData);
}
