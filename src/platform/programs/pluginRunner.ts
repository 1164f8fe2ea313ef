/** Loads one plugin in a process of its own, asks it one thing, says how it went, and ends. */
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { PluginDescription, PluginRequest } from '../../app/ports.js';
import type { Plugin, PluginCommand, PluginTask, Tm, TmResult } from './plugin.js';
import type { RunnerAnswer, RunnerOrder } from './pluginProtocol.js';

/** What `tm` may print for a plugin (bytes). */
const LARGEST = 64 * 1024 * 1024;

/** A name that `tm` can be typed with. */
const COMMAND_NAME = /^[a-z][\w:-]*$/i;

process.once('message', (order: RunnerOrder) => {
  carryOut(order).then(
    (description) => answer(description ? { description } : {}),
    (error: unknown) => answer({ error: error instanceof Error ? firstLines(error) : String(error) }),
  );
});

function answer(message: RunnerAnswer): void {
  process.send?.(message, () => process.exit(message.error === undefined ? 0 : 1));
}

async function carryOut(order: RunnerOrder): Promise<PluginDescription | undefined> {
  const plugin = await load(order);
  const { request } = order;
  switch (request.kind) {
    case 'describe':
      return describe(plugin);
    case 'created':
      await plugin.onTaskCreated?.(request.task satisfies PluginTask);
      return undefined;
    case 'updated':
      await plugin.onTaskUpdated?.(request.id, { ...request.before }, { ...request.after });
      return undefined;
    case 'completed':
      await plugin.onTaskCompleted?.(request.task satisfies PluginTask);
      return undefined;
    case 'command':
      return runCommand(plugin, request);
  }
}

async function runCommand(plugin: Plugin, { name, args }: Extract<PluginRequest, { kind: 'command' }>) {
  const command = commandsOf(plugin).get(name);
  if (!command) throw new Error(`it has no command “${name}”`);
  const result = await command.run(...args);
  if (typeof result === 'string' && result !== '') process.stdout.write(`${result}\n`);
  return undefined;
}

interface Exports {
  readonly default?: unknown;
  readonly plugin?: unknown;
}

/** The default export, or the one called `plugin`: a plugin, a class of them, or a function that makes one. */
async function load(order: RunnerOrder): Promise<Plugin> {
  const module = (await import(pathToFileURL(order.file).href)) as Exports;
  // What a CommonJS module exports is the default of its namespace.
  const { plugin: inner, default: deeper } = (module.default ?? {}) as Exports;
  const exported = module.plugin ?? inner ?? deeper ?? module.default;
  const plugin = typeof exported === 'function' ? await make(exported, tmOf(order)) : exported;
  if (typeof plugin !== 'object' || plugin === null)
    throw new Error('its default export is neither a plugin, nor a class or function that makes one');
  const { name, version } = plugin as Partial<Plugin>;
  if (textOf(name) === '') throw new Error('it has no name');
  if (textOf(version) === '') throw new Error('it has no version');
  return plugin as Plugin;
}

function make(exported: object, tm: Tm): unknown {
  // A function's prototype can be replaced, a class's cannot.
  const isClass = Object.getOwnPropertyDescriptor(exported, 'prototype')?.writable === false;
  if (isClass) return new (exported as new (tm: Tm) => Plugin)(tm);
  return (exported as (tm: Tm) => unknown)(tm);
}

function describe(plugin: Plugin): PluginDescription {
  const commands = [...commandsOf(plugin)].map(([name, { description }]) => ({ name, description }));
  const { name, version } = plugin;
  return { name: textOf(name, plugin), version: textOf(version, plugin), commands };
}

function commandsOf(plugin: Plugin): Map<string, { description: string; run: PluginCommand }> {
  const commands = Object.entries(plugin.customCommands?.() ?? {});
  return new Map(
    commands.map(([name, command]) => {
      const run = typeof command === 'function' ? command : command?.run;
      if (typeof run !== 'function') throw new Error(`its command “${name}” is no function`);
      if (!COMMAND_NAME.test(name)) throw new Error(`“${name}” is no name for a command`);
      const description = typeof command === 'function' ? '' : command.description;
      // As methods of the plugin, so that `this` is what its author expects.
      return [name, { description: String(description ?? ''), run: run.bind(plugin) }];
    }),
  );
}

function textOf(value: unknown, owner?: Plugin): string {
  const text = typeof value === 'function' ? (owner ? value.call(owner) : '?') : value;
  return typeof text === 'string' ? text : '';
}

function tmOf({ tm, root, folder, actor }: RunnerOrder): Tm {
  const run = (...words: string[]): Promise<TmResult> =>
    new Promise((done) => {
      execFile(process.execPath, [tm, ...words], { cwd: root, maxBuffer: LARGEST }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr }),
      );
    });
  const json = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run(...words, '--json');
    if (code !== 0) throw new Error(stderr.trim().replace(/^Error:\s*/, '') || `tm exited with ${code}`);
    return JSON.parse(stdout);
  };
  return {
    root,
    folder,
    actor,
    run,
    json,
    get: async (task) => ((await json('show', task)) as { task: PluginTask }).task,
    list: async (query) => ((await json('list', ...(query ? [query] : []))) as { tasks: PluginTask[] }).tasks,
  };
}

/** The message, and where in the plugin it came from. */
function firstLines(error: Error): string {
  const place = error.stack?.split('\n').find((line) => /^\s*at (?!.*(pluginRunner\.js|node:))/.test(line));
  return place ? `${error.message} (${place.trim()})` : error.message;
}
