import { claims } from './claims.js';
import { damage } from './damage.js';
import { faults } from './faults.js';
import { foreignClients } from './foreignClients.js';
import { kills } from './kills.js';
import { maintenanceKills } from './maintenanceKills.js';
import { model } from './model.js';
import type { Rig, Summary } from './scenario.js';
import { writers } from './writers.js';

export { SeededRandom } from './seededRandom.js';

/** How much is done; the long run is 1, the short one of `npm test` a small part of that. */
export interface Size {
  /** Multiplies rounds. */
  readonly scale: number;
  readonly processes: number;
  /** Of processes that write, at steps and at random together. */
  readonly kills: number;
}

export const LONG: Size = { scale: 1, processes: 16, kills: 960 };
export const SHORT: Size = { scale: 0.02, processes: 4, kills: 25 };

export interface Scenario {
  readonly name: string;
  /** The guarantees that it shows. */
  readonly guarantees: string;
  readonly run: (rig: Rig, size: Size) => Promise<Summary>;
}

/** The form that `npm test` runs leaves out the most. */
const isShort = (size: Size) => size.scale < 0.1;
const part = (size: Size, whole: number) => Math.max(1, Math.round(whole * size.scale));

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'writers',
    guarantees: 'G1 G2 G3 G7',
    run: (rig, size) =>
      writers(rig, { processes: size.processes, rounds: part(size, 30), operations: isShort(size) ? 10 : 40 }),
  },
  {
    name: 'kills',
    guarantees: 'G1 G2 G7',
    run: (rig, size) =>
      kills(rig, { atSteps: Math.ceil(size.kills / 2), atRandom: Math.ceil(Math.floor(size.kills / 2) / 6) * 6 }),
  },
  {
    name: 'maintenance',
    guarantees: 'G1 G2 G7',
    run: (rig, size) => maintenanceKills(rig, { rounds: part(size, 4), every: isShort(size) ? 4 : 1 }),
  },
  {
    name: 'damage',
    guarantees: 'G2',
    run: (rig, size) => damage(rig, isShort(size) ? { bits: 1, every: 40 } : { bits: 2, every: 1 }),
  },
  {
    name: 'claims',
    guarantees: 'G4',
    run: (rig, size) => claims(rig, { processes: Math.min(size.processes, 8), rounds: part(size, 1_000) }),
  },
  { name: 'model', guarantees: 'G1 G2 G8', run: (rig, size) => model(rig, { rounds: part(size, 200), commands: 80 }) },
  {
    name: 'foreign',
    guarantees: 'G7 G8',
    run: (rig, size) => foreignClients(rig, { commands: isShort(size) ? 3 : 8, rounds: part(size, 15) }),
  },
  { name: 'faults', guarantees: 'G9', run: (rig, size) => faults(rig, { rounds: part(size, 10) }) },
];
