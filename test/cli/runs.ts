import { expect } from 'vitest';
import type { ExecuteCodeResult, ExecutionView } from '../../src/app/execution/executionInputs.js';
import { type Shell, start } from './shell.js';

/** A project with one task, in which code may be run. */
export function allowed(env: NodeJS.ProcessEnv = {}): Shell {
  const tm = start(env);
  tm.say('add', 'Login for users');
  tm.say('execution', 'allow');
  return tm;
}

/** Runs code that somebody approved, and returns the run, whatever became of it. */
export function execute(tm: Shell, language: string, code: string, ...options: string[]): ExecutionView {
  return result(tm, language, code, ...options).execution;
}

export function result(tm: Shell, language: string, code: string, ...options: string[]): ExecuteCodeResult {
  const run = tm.pipe(code, 'exec', '1', '-', '--language', language, '--yes', '--json', ...options);
  expect(run.stdout, run.stderr).toMatch(/^\{/);
  return JSON.parse(run.stdout) as ExecuteCodeResult;
}
