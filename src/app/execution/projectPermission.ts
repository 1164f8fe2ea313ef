import type { CodeLanguage } from '../../core/execution/language.js';
import type { StoreFolder } from '../ports.js';
import { readSettings } from '../settings/settingsFile.js';
import type { ExecutionPermission } from './codeRunner.js';

/** What a person decided on this machine; `platform/execution` keeps it. */
export interface Decision {
  readonly allowed: boolean;
  readonly unasked: readonly CodeLanguage[];
}

/**
 * Code may be run where the project wants it (`execution.enabled` in its settings) and the person allowed it on this
 * machine: a project that somebody brought along cannot allow itself. Rules that spare questions are this person's too.
 */
export function projectPermission(folder: StoreFolder, decision: () => Decision | undefined): ExecutionPermission {
  return {
    async refusal() {
      const own = decision();
      if (own?.allowed === false)
        return 'You do not want code to be run for this project (“tm execution allow” changes that).';
      const { execution } = await readSettings(folder);
      if (!own)
        return `Code is not run for this project until you allow it on this machine: “tm execution allow” does.${execution.enabled ? ' The project’s settings want it.' : ''}`;
      if (!execution.enabled)
        return 'The project’s settings do not let code be run: “tm execution allow” or “tm config set execution.enabled true” changes that.';
      return undefined;
    },
    isApproved: (language) => decision()?.unasked.includes(language) ?? false,
  };
}
