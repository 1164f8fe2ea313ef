import { InvalidInputError, OrchestratorError } from '../../core/model/errors.js';
import {
  type AccessPolicy,
  DEFAULT_SETTINGS,
  FEATURES,
  type Feature,
  PRESETS,
  type Preset,
  type Settings,
} from '../../core/settings/settings.js';
import type { Plan } from '../plan.js';
import { checked, readSettings, readSettingsFile, SETTINGS_FILE } from './settingsFile.js';

type Change = (settings: Settings, actor: string) => Settings;

/** The settings of a project, read and changed. Each change is made on the newest file, while nobody else can write it. */
export class ProjectSettings {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Throws INVALID_INPUT naming the file and the key where one is not valid. */
  read(): Promise<Settings> {
    return readSettings(this.#plan.world.folder);
  }

  /** Switches a feature; the other settings stay. Throws INVALID_INPUT for one that there is not. */
  switch(name: string, on: boolean): Promise<Settings> {
    const feature = requireFeatureName(name);
    return this.#change((settings) => ({
      ...settings,
      // Somebody who switches one on means it to be on.
      ...(on && { minimal_mode: false }),
      features: { ...settings.features, [feature]: on },
      ...(feature === 'telemetry' && { telemetry_enabled: on }),
    }));
  }

  minimal(): Promise<Settings> {
    return this.#change((settings) => ({ ...settings, minimal_mode: true }));
  }

  /** Throws INVALID_INPUT for a name that is none. */
  preset(name: string): Promise<Settings> {
    if (!Object.hasOwn(PRESETS, name)) {
      const known = Object.keys(PRESETS).join(', ');
      throw new InvalidInputError('preset', `Unknown preset: ${name}. Valid presets: ${known}`);
    }
    return this.#change((settings) => ({ ...settings, ...PRESETS[name as Preset] }));
  }

  /** The defaults in the place of everything, whatever the file holds; who may change tasks stays as it is if it can be read. */
  reset(): Promise<Settings> {
    return this.#write(() => ({ ...DEFAULT_SETTINGS, access: this.#accessThatHolds() }));
  }

  /** Writes the settings as they are, for somebody to edit. Throws CONFLICT where there is a file. */
  async init(): Promise<Settings> {
    const settings = await this.read();
    return this.#write(() => {
      if (this.#plan.world.folder.read(SETTINGS_FILE) !== undefined)
        throw new OrchestratorError('CONFLICT', `${SETTINGS_FILE} is there already. “tm config --show” shows it.`);
      return settings;
    });
  }

  /** Whether code may be run for tasks, where a person allows it on their machine. */
  allowExecution(enabled: boolean): Promise<Settings> {
    return this.#change((settings) => ({ ...settings, execution: { enabled } }));
  }

  enforce(change: Partial<Settings['enforcement']>): Promise<Settings> {
    return this.#change((settings) => ({ ...settings, enforcement: { ...settings.enforcement, ...change } }));
  }

  /** Who may change tasks. Only who set `owner` may set another. Throws PERMISSION_DENIED. */
  setAccess(policy: AccessPolicy): Promise<Settings> {
    return this.#change((settings, actor) => withAccess(settings, policy, actor));
  }

  /** The value of one key, such as `enforcement.level`. Throws INVALID_INPUT where there is none. */
  async get(key: string): Promise<unknown> {
    let value: unknown = await this.read();
    for (const part of key.split('.')) {
      const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
      if (!isThere) throw new InvalidInputError('key', `There is no setting ${key}. “tm config --show” shows them.`);
      value = (value as Record<string, unknown>)[part];
    }
    return value;
  }

  /** Sets one key to what `text` says. Throws INVALID_INPUT where there is no such key or the value does not fit. */
  async set(key: string, text: string): Promise<Settings> {
    const current = await this.get(key);
    if (key === 'access.set_by' || typeof current === 'object')
      throw new InvalidInputError('key', `${key} is not set by itself. Name one value, such as enforcement.level.`);
    const value = valueLike(current, key, text);
    if (key.startsWith('features.')) return this.switch(key.slice('features.'.length), value === true);
    return this.#change((settings, actor) => {
      const changed = structuredClone<object>(settings) as Record<string, unknown>;
      const parts = key.split('.');
      const last = parts.pop() as string;
      const holder = parts.reduce((object, part) => object[part] as Record<string, unknown>, changed);
      holder[last] = value;
      const valid = checked(changed, SETTINGS_FILE);
      return key === 'access.policy' ? withAccess(settings, valid.access.policy, actor) : valid;
    });
  }

  /** Without a file of our own, what another tool left is the start. */
  async #change(change: Change): Promise<Settings> {
    const start = await this.read();
    return this.#write((actor) => change(readSettingsFile(this.#plan.world.folder) ?? start, actor));
  }

  /** The lock of the store is held from reading to writing, so changes made at once are all kept. */
  #write(make: (actor: string) => Settings): Promise<Settings> {
    return this.#plan.commit('settings.change', (transaction) => {
      const settings = make(transaction.actor);
      this.#plan.world.folder.write(SETTINGS_FILE, `${JSON.stringify(settings, null, 2)}\n`);
      return settings;
    });
  }

  #accessThatHolds(): Settings['access'] {
    try {
      return readSettingsFile(this.#plan.world.folder)?.access ?? DEFAULT_SETTINGS.access;
    } catch {
      return DEFAULT_SETTINGS.access;
    }
  }
}

/** What a text says where a value of this type was before. Throws INVALID_INPUT. */
function valueLike(current: unknown, key: string, text: string): boolean | number | string {
  if (typeof current === 'number') {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) throw new InvalidInputError(key, `${key} is a number, not “${text}”.`);
    return number;
  }
  if (typeof current !== 'boolean') return text;
  if (text !== 'true' && text !== 'false') throw new InvalidInputError(key, `${key} is true or false, not “${text}”.`);
  return text === 'true';
}

function withAccess(settings: Settings, policy: AccessPolicy, actor: string): Settings {
  const { access } = settings;
  if (access.policy === policy) return settings;
  if (access.policy === 'owner' && access.set_by !== undefined && access.set_by !== actor) {
    throw new OrchestratorError(
      'PERMISSION_DENIED',
      `The access policy was set to owner by ${access.set_by}; only ${access.set_by} may change it, and you are ${actor}. Nothing was changed.`,
      { setBy: access.set_by },
    );
  }
  return { ...settings, access: policy === 'owner' ? { policy, set_by: actor } : { policy } };
}

function requireFeatureName(name: string): Feature {
  const feature = FEATURES.find((one) => one === name);
  if (feature) return feature;
  throw new InvalidInputError('feature', `Unknown feature: ${name}. Valid features: ${FEATURES.join(', ')}`, {
    features: FEATURES,
  });
}
