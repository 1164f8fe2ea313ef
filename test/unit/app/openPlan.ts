import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Orchestrator } from '../../../src/app/orchestrator.js';
import type { World } from '../../../src/app/ports.js';
import { DiskFolder } from '../../../src/platform/storeFolder.js';
import { DiskFiles } from '../../../src/platform/workspaceFiles.js';
import { openStore, storePath } from '../../support/stores.js';

/** A plan over a real store in a temporary folder, with ids that count up. */
export async function openPlan(path = storePath(), world: Partial<World> = {}): Promise<Orchestrator> {
  const root = dirname(dirname(path));
  let id = process.hrtime.bigint() & 0xffffff00n;
  const ids = {
    next: () => {
      id += 1n;
      return id.toString(16).padStart(8, '0').slice(-8);
    },
  };
  const clock = { now: () => new Date().toISOString() };
  const folder = new DiskFolder(dirname(path));
  const whole = { files: new DiskFiles(root), folder, clock, ids, actor: () => 'tester', place: () => ({}), ...world };
  const store = await openStore(path, { now: whole.clock.now });
  return new Orchestrator(store, whole);
}

/** A clock that stands still until it is moved. */
export class TestClock {
  #time = Date.UTC(2026, 0, 1, 12);

  readonly now = (): string => new Date(this.#time).toISOString();

  pass(minutes: number): void {
    this.#time += minutes * 60_000;
  }
}

/** Writes a file of the plan's workspace. */
export function writeFile(plan: Orchestrator, path: string, text: string): void {
  const file = join(dirname(dirname(plan.plan.store.path)), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
