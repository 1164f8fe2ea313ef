import * as vscode from 'vscode';
import type { Orchestrator } from '../../app/orchestrator.js';
import { Complexity } from '../../app/planning/complexity/complexity.js';
import type { Surroundings } from '../../app/planning/complexity/surroundings.js';
import { gitHistory } from '../../platform/gitHistory.js';
import { workspaceSurvey } from '../../platform/workspaceSurvey.js';
import type { PlanFolder } from '../workspace/planFolder.js';

/** Analyses of a folder's tasks. */
export function openComplexity({ plan, tasks }: Orchestrator, { location: { root } }: PlanFolder): Complexity {
  return new Complexity(plan, tasks, surroundingsOf(root));
}

/** What analyses are reckoned from. In a workspace that is not trusted, git is not run. */
export function surroundingsOf(root: string): Surroundings {
  const git = vscode.workspace.isTrusted;
  return {
    workspace: workspaceSurvey(root, { git }),
    ...(git && { versions: gitHistory(root) }),
    environment: process.env,
  };
}
