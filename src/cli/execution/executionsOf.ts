import { dirname } from 'node:path';
import { Executions } from '../../app/execution/executions.js';
import { projectPermission } from '../../app/execution/projectPermission.js';
import { ExecutionConsent } from '../../platform/execution/executionConsent.js';
import { LocalRunner } from '../../platform/execution/localRunner.js';
import type { Session } from '../session.js';

/** Runs of code for the tasks of a session, as the project and the person at this machine allow them. */
export function executionsOf({ plan, location }: Session): Executions {
  const store = dirname(location.path);
  const consent = new ExecutionConsent(store);
  return new Executions(plan, {
    runner: new LocalRunner({ root: location.root, store, product: __dirname }),
    permission: projectPermission(plan.world.folder, () => consent.read()),
  });
}
