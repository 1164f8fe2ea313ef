import { type Progress, startProgress } from './progress.js';

/** How far one stage of some work is. */
interface StageProgress<Stage extends string> {
  readonly stage: Stage;
  readonly done: number;
  readonly total?: number;
}

/** Runs work with a line of progress for each of its stages, under the label that it has there. */
export async function withStages<Stage extends string, T>(
  labels: Readonly<Record<Stage, string>>,
  work: (onProgress: (progress: StageProgress<Stage>) => void) => Promise<T>,
): Promise<T> {
  let shown: { readonly stage: Stage; readonly line: Progress } | undefined;
  try {
    return await work(({ stage, done, total }) => {
      if (shown?.stage !== stage) {
        shown?.line.end();
        shown = { stage, line: startProgress(labels[stage]) };
      }
      shown.line.step(done, total);
    });
  } finally {
    shown?.line.end();
  }
}
