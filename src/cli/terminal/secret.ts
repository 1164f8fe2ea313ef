import { isCancel, password } from '@clack/prompts';

/** Asks for something that is not to be seen, on stderr; undefined where it was left. */
export async function askSecret(message: string): Promise<string | undefined> {
  const answer = await password({ message, output: process.stderr });
  return isCancel(answer) || answer === '' ? undefined : answer;
}
