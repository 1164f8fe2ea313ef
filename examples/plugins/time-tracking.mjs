/**
 * Time tracking: keeps when tasks changed their status, and says how long each was in progress.
 * `tm time-log [task]` lists the changes, `tm time-report` sums the time up.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HOUR = 3_600_000;

/** @typedef {{ taskId: string, title: string, status: string, at: string }} Entry */

/** @implements {Plugin} */
// biome-ignore lint/style/noDefaultExport: plugins are default exports.
export default class TimeTracking {
  name = 'Time Tracking';
  version = '1.0.0';

  /** @param {{ folder: string, get(task: string): Promise<{ id: string, title: string }> }} tm */
  constructor(tm) {
    this.tm = tm;
    // One line an entry: two changes at the same time do not overwrite each other's.
    this.file = join(tm.folder, 'time_log.jsonl');
  }

  /** @param {{ id: string, title: string, status: string }} task */
  onTaskCreated(task) {
    this.#add({ taskId: task.id, title: task.title, status: task.status });
  }

  /** @param {string} taskId @param {object} _old @param {{ status?: string }} values */
  async onTaskUpdated(taskId, _old, values) {
    if (values.status === undefined) return;
    const { title } = await this.tm.get(taskId);
    this.#add({ taskId, title, status: values.status });
  }

  customCommands() {
    return {
      'time-log': { description: 'when tasks changed their status: time-log [task]', run: this.timeLog },
      'time-report': { description: 'hours in progress, by task', run: this.timeReport },
    };
  }

  /** @param {string} [task] */
  async timeLog(task) {
    const id = task && (await this.tm.get(task)).id;
    const entries = this.#entries().filter((entry) => !id || entry.taskId === id);
    return entries.map(({ at, taskId, status }) => `${at}: ${taskId} -> ${status}`).join('\n') || 'No time log found';
  }

  timeReport() {
    /** @type {Map<string, { title: string, since?: string, spent: number }>} */
    const tasks = new Map();
    for (const { taskId, title, status, at } of this.#entries()) {
      const task = tasks.get(taskId) ?? { title, spent: 0 };
      if (task.since) task.spent += Date.parse(at) - Date.parse(task.since);
      tasks.set(taskId, { title, spent: task.spent, ...(status === 'in_progress' && { since: at }) });
    }
    const now = Date.now();
    const lines = [...tasks].map(([id, { title, since, spent }]) => {
      const hours = (spent + (since ? now - Date.parse(since) : 0)) / HOUR;
      return `${id}  ${hours.toFixed(2)} h${since ? ' (running)' : ''}  ${title}`;
    });
    return lines.join('\n') || 'No time log found';
  }

  /** @param {Omit<Entry, 'at'>} entry */
  #add(entry) {
    appendFileSync(this.file, `${JSON.stringify({ ...entry, at: new Date().toISOString() })}\n`);
  }

  /** @returns {Entry[]} */
  #entries() {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }
}
