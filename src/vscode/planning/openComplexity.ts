import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { Complexity } from '../../app/planning/complexity/complexity.js';
import { gitHistory } from '../../platform/gitHistory.js';
import { workspaceSurvey } from '../../platform/workspaceSurvey.js';
import type { PlanFolder } from '../workspace/planFolder.js';

/** Analyses of a folder's tasks. In a workspace that is not trusted, git is not run. */
export function openComplexity({ plan, tasks }: Orchestrator, { location: { root } }: PlanFolder): Complexity {
  const git = vscode.workspace.isTrusted;
  return new Complexity(plan, tasks, {
    workspace: workspaceSurvey(root, { git }),
    ...(git && { versions: gitHistory(root) }),
    environment: process.env,
  });
}
