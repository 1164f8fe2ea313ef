import { dirname, join } from 'node:path';
import { Hooks } from '../app/automation/hooks.js';
import { type AutomationWorld, ProjectAutomation } from '../app/automation/projectAutomation.js';
import type { World } from '../app/ports.js';
import { DiskPrograms } from '../platform/programs/diskPrograms.js';
import type { StoreLocation } from '../platform/storeLocation.js';
import { localWorld } from '../platform/world.js';
import type { CliContext } from './context.js';

/** The hooks and plugins of a store, as `tm` runs them. */
export function automationOf(location: StoreLocation, world: World, context: CliContext): ProjectAutomation {
  return new ProjectAutomation(partsOf(location, world, context));
}

/** Looking after them; it needs no open store. */
export function hooksOf(location: StoreLocation, context: CliContext): Hooks {
  const { agent } = context;
  const world = localWorld(location, agent === undefined ? undefined : () => agent);
  const parts = partsOf(location, world, context);
  return new Hooks({ ...parts, automation: new ProjectAutomation(parts) });
}

/** A file that ships with the product. */
export function shippedFile(...path: string[]): string {
  return join(__dirname, ...path);
}

function partsOf(location: StoreLocation, world: World, { output }: CliContext): AutomationWorld {
  const { folder, clock, actor } = world;
  const programs = new DiskPrograms({ ...location, product: dirname(shippedFile('tm.js')) });
  return { programs, folder, clock, actor, report: (message) => output.message(message) };
}
