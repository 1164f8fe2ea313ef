import { mentionsInMessage } from './mentions.js';

/** What `--fixup` and `--squash` begin messages with, and what git writes for a revert. */
const OF_ANOTHER = /^(?:(?:fixup|squash|amend)! |Revert "|Reapply ")/;
/** Below it stands what git shows of the change: `# ------------------------ >8 ------------------------`. */
const SCISSORS = /^.{1,10}? ?-{10,} >8 -{10,}$/m;

/** A message without what git will take out of it. */
export function messageWithoutComments(text: string, prefix: string): string {
  const end = text.search(SCISSORS);
  return (end < 0 ? text : text.slice(0, end))
    .split(/\r?\n/)
    .filter((line) => !line.startsWith(prefix))
    .join('\n')
    .trim();
}

/** True for a message that names no task yet and is not made from that of another commit. */
export function takesTrailer(message: string): boolean {
  return !OF_ANOTHER.test(message) && mentionsInMessage(message).length === 0;
}
